package io.vnfkit.cgroup;

import io.vnfkit.unit.Bytes;
import java.util.Objects;
import java.util.Optional;

/**
 * Limits of the hugetlb controller for one page size.
 *
 * @param fault the most that can be touched ({@code limit_in_bytes}, {@code max}): a process past it gets SIGBUS; empty
 *     for no limit
 * @param reservation the most that can be mapped ({@code rsvd.limit_in_bytes}, {@code rsvd.max}): mmap(2) past it fails
 *     with ENOMEM, which DPDK reports as a plain error; empty for no limit. Without a reservation (MAP_NORESERVE) it
 *     counts at the first touch.
 */
public record HugetlbLimit(Optional<Bytes> fault, Optional<Bytes> reservation) {

    /** Checks that no part is missing. */
    public HugetlbLimit {
        Objects.requireNonNull(fault, "fault");
        Objects.requireNonNull(reservation, "reservation");
    }

    /**
     * The same limit for both.
     *
     * @param limit the most
     * @return the limits
     */
    public static HugetlbLimit of(Bytes limit) {
        return new HugetlbLimit(Optional.of(limit), Optional.of(limit));
    }

    /**
     * A limit on touching only.
     *
     * @param limit the most
     * @return the limits
     */
    public static HugetlbLimit onFault(Bytes limit) {
        return new HugetlbLimit(Optional.of(limit), Optional.empty());
    }

    /**
     * A limit on mapping only.
     *
     * @param limit the most
     * @return the limits
     */
    public static HugetlbLimit onReservation(Bytes limit) {
        return new HugetlbLimit(Optional.empty(), Optional.of(limit));
    }

    /**
     * What a process in the group can hold at most.
     *
     * @return the lower of both limits; empty if there is none
     */
    public Optional<Bytes> lowest() {
        if (fault.isPresent() && reservation.isPresent()) {
            return Optional.of(fault.get().min(reservation.get()));
        }
        return fault.or(() -> reservation);
    }
}
