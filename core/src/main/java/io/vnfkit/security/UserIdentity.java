package io.vnfkit.security;

import java.util.List;

/**
 * Who a VNF runs as, by number inside its user namespace. Names are not looked up: the VNF's root may have another
 * passwd than the host.
 *
 * @param uid user id
 * @param gid group id
 * @param groups supplementary groups; those of the JVM are never kept
 */
public record UserIdentity(long uid, long gid, List<Long> groups) {

    /** Root without supplementary groups. */
    public static final UserIdentity ROOT = new UserIdentity(0, 0, List.of());

    private static final long MAXIMUM_ID = 0xffff_fffeL;

    /** The kernel's NGROUPS_MAX. */
    private static final int MAXIMUM_GROUPS = 65536;

    /**
     * Copies and checks the ids.
     *
     * @throws IllegalArgumentException if an id is out of range or there are too many groups
     */
    public UserIdentity {
        groups = List.copyOf(groups);
        requireId(uid);
        requireId(gid);
        groups.forEach(UserIdentity::requireId);
        if (groups.size() > MAXIMUM_GROUPS) {
            throw new IllegalArgumentException(groups.size() + " groups, the kernel takes " + MAXIMUM_GROUPS);
        }
    }

    private static void requireId(long id) {
        if (id < 0 || id > MAXIMUM_ID) {
            throw new IllegalArgumentException("id " + id + " is not in 0.." + MAXIMUM_ID);
        }
    }

    @Override
    public String toString() {
        return uid + ":" + gid + (groups.isEmpty() ? "" : " groups " + groups);
    }
}
