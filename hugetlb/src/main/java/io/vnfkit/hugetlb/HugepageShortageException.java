package io.vnfkit.hugetlb;

import io.vnfkit.VnfkitException;
import io.vnfkit.unit.PageSize;

/** The kernel did not find enough contiguous memory for the huge pages requested. Those it did find are in the pool. */
public final class HugepageShortageException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    private final transient Reservation reservation;

    /**
     * Creates the exception.
     *
     * @param reservation what became of the request
     */
    public HugepageShortageException(Reservation reservation) {
        super(message(reservation));
        this.reservation = reservation;
    }

    private static String message(Reservation reservation) {
        return "reserving huge pages of " + reservation.pageSize() + " on node " + reservation.node()
                + ": wanted a pool of " + reservation.requested() + ", had " + reservation.before()
                + ", got " + reservation.after() + ": " + cure(reservation.pageSize());
    }

    private static String cure(PageSize pageSize) {
        String boot = "hugepagesz=" + KernelSize.of(pageSize.toBytes()) + " hugepages=N on the kernel command line";
        if (pageSize.compareTo(PageSize.GIB_1) >= 0) {
            return "memory that long is whole only early after boot; reserve it there with " + boot;
        }
        return "memory is full or fragmented; reserve with Compaction.WHEN_SHORT, drop the page cache first"
                + " (/proc/sys/vm/drop_caches), or reserve at boot with " + boot;
    }

    /**
     * What became of the request.
     *
     * @return the counts
     */
    public Reservation reservation() {
        return reservation;
    }
}
