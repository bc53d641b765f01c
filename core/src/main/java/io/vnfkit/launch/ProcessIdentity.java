package io.vnfkit.launch;

/**
 * Names one process for good: the kernel gives ids anew, but not with the same start.
 *
 * @param pid its id as the JVM sees it; 0 stands for no process
 * @param startTime when it started, in clock ticks since boot
 */
record ProcessIdentity(long pid, long startTime) {

    /** No process. */
    static final ProcessIdentity NONE = new ProcessIdentity(0, 0);
}
