package io.vnfkit;

/**
 * A part of a description that plugs into a launch: it contributes mounts, masks, device rules, environment and EAL arguments to
 * the plan. The modules {@code hugetlb}, {@code sysfs-mask} and {@code ivshmem} are features, and users can write their own.
 *
 * <p>Implementations are immutable values: two plans of equal descriptions must be equal. Planning calls {@link #grant} of all
 * features first, then {@link #contribute} of all in the order of the description. Neither writes anything.
 */
public interface VnfFeature {

    /**
     * Adds what this feature gives the VNF of its host.
     *
     * @param grant what was granted so far
     * @return the grant with this feature's part
     */
    default Grant grant(Grant grant) {
        return grant;
    }

    /**
     * Contributes to the plan, and reports problems that would make the launch fail.
     *
     * @param context the host and the whole grant
     * @param contributions where the parts go
     */
    void contribute(PlanContext context, Contributions contributions);
}
