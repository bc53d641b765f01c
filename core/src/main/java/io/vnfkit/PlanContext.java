package io.vnfkit;

import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import java.util.Objects;

/**
 * What a feature may look at while a launch is planned. Looking reads; nothing may be written.
 *
 * @param vnf the whole description
 * @param host the host to plan for
 * @param grant what all parts of the description grant together
 */
public record PlanContext(Vnf vnf, Host host, Grant grant) {

    /** Checks that no part is missing. */
    public PlanContext {
        Objects.requireNonNull(vnf, "vnf");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(grant, "grant");
    }

    /**
     * The host's files.
     *
     * @return short for {@code host().files()}
     */
    public KernelFiles files() {
        return host.files();
    }
}
