package io.vnfkit.launch.program;

import io.vnfkit.VnfkitException;

/**
 * A launch program, or something that the init answered, does not keep to the contract: a limit is exceeded, a value
 * cannot be encoded, or bytes that were read are damaged.
 */
public final class ProgramException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what is wrong, with the value and what is allowed
     */
    public ProgramException(String message) {
        super(message);
    }
}
