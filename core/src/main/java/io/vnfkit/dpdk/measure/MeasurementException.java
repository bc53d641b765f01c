package io.vnfkit.dpdk.measure;

import io.vnfkit.VnfkitException;

/** A measurement says nothing, because what it needs is not so. The message says what, and what to do. */
public final class MeasurementException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what is wrong and what to do about it
     */
    public MeasurementException(String message) {
        super(message);
    }
}
