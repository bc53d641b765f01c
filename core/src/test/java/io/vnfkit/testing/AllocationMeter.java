package io.vnfkit.testing;

import java.lang.management.ManagementFactory;

/** How much memory this thread has allocated: a parser that takes a number in the text for a size shows here. */
public final class AllocationMeter {

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocationMeter() {}

    /** Bytes since this thread began. */
    public static long allocatedByThisThread() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
