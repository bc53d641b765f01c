package io.vnfkit.dpdk;

/** Arguments of the EAL. Immutable. */
public final class EalArguments {

    private EalArguments() {}

    /**
     * Stands for the arguments that follow from the grant.
     *
     * @return a placeholder in a command
     */
    public static EalArguments fromGrant() {
        return new EalArguments();
    }
}
