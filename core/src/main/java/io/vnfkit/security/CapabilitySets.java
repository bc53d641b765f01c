package io.vnfkit.security;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The five capability sets that a VNF starts with.
 *
 * <p>Immutable and thread-safe.
 *
 * @param effective in force at once
 * @param permitted what may be made effective
 * @param inheritable kept across execve by files that ask for it; empty unless there is a reason (CVE-2022-24769)
 * @param bounding the most that any later program can get
 * @param ambient kept across execve for a user other than root
 */
public record CapabilitySets(
        Set<Capability> effective,
        Set<Capability> permitted,
        Set<Capability> inheritable,
        Set<Capability> bounding,
        Set<Capability> ambient) {

    /**
     * What DPDK programs need: NET_RAW and NET_ADMIN for af_packet, tap and af_xdp ports, IPC_LOCK for memory of VFIO
     * devices, SYS_NICE for memory policies, and DAC_OVERRIDE for hugepage and runtime directories of other users. None
     * of them lets a VNF mount, load modules or see physical addresses.
     */
    public static final CapabilitySets DPDK_DEFAULT = of(
            Capability.NET_RAW, Capability.NET_ADMIN, Capability.IPC_LOCK, Capability.SYS_NICE,
            Capability.DAC_OVERRIDE);

    /** No capabilities. */
    public static final CapabilitySets NONE = of();

    /**
     * Copies and checks the sets.
     *
     * @throws IllegalArgumentException if effective is not within permitted, or ambient not within permitted and
     *     inheritable
     */
    public CapabilitySets {
        effective = Set.copyOf(effective);
        permitted = Set.copyOf(permitted);
        inheritable = Set.copyOf(inheritable);
        bounding = Set.copyOf(bounding);
        ambient = Set.copyOf(ambient);
        requireWithin("effective", effective, "permitted", permitted);
        requireWithin("ambient", ambient, "permitted", permitted);
        requireWithin("ambient", ambient, "inheritable", inheritable);
    }

    private static void requireWithin(String inner, Set<Capability> set, String outer, Set<Capability> limit) {
        if (!limit.containsAll(set)) {
            throw new IllegalArgumentException(
                    inner + " capabilities " + names(set) + " are not all " + outer + ": " + names(limit));
        }
    }

    /**
     * The same capabilities effective, permitted and bounding; nothing inheritable or ambient.
     *
     * @param capabilities the capabilities
     * @return the sets
     */
    public static CapabilitySets of(Capability... capabilities) {
        Set<Capability> set = Set.of(capabilities);
        return new CapabilitySets(set, set, Set.of(), set, Set.of());
    }

    /**
     * The same sets with further capabilities, effective, permitted and bounding.
     *
     * @param capabilities the capabilities
     * @return new sets
     */
    public CapabilitySets plus(Capability... capabilities) {
        Set<Capability> added = Set.of(capabilities);
        return new CapabilitySets(
                union(effective, added), union(permitted, added), inheritable, union(bounding, added), ambient);
    }

    /**
     * The same capabilities also inheritable and ambient, so that a user other than root keeps them across execve.
     *
     * @return new sets
     */
    public CapabilitySets keptForOtherUsers() {
        return new CapabilitySets(effective, permitted, permitted, bounding, permitted);
    }

    private static Set<Capability> union(Set<Capability> left, Set<Capability> right) {
        Set<Capability> union = EnumSet.noneOf(Capability.class);
        union.addAll(left);
        union.addAll(right);
        return union;
    }

    /**
     * A set as the kernel's bit mask.
     *
     * @param set the capabilities
     * @return bits 0 to 40
     */
    public static long mask(Collection<Capability> set) {
        return set.stream().mapToLong(Capability::bit).reduce(0, (left, right) -> left | right);
    }

    private static String names(Set<Capability> set) {
        return set.stream().sorted().map(Capability::name).collect(Collectors.joining(",", "{", "}"));
    }

    @Override
    public String toString() {
        return "effective " + names(effective) + " permitted " + names(permitted) + " inheritable " + names(inheritable)
                + " bounding " + names(bounding) + " ambient " + names(ambient);
    }
}
