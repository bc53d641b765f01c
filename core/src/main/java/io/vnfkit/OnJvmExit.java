package io.vnfkit;

/** What becomes of a VNF when the JVM that launched it ends, in whatever way. */
public enum OnJvmExit {
    /** It is killed at once by its supervisor process, which notices the end of a pipe. */
    KILL,
    /**
     * It goes on; another JVM finds it with {@link VnfLauncher#find}. Its name is held as long as it runs, and whoever closes it
     * first, or cleans up after its end, takes it down.
     */
    LEAVE_RUNNING
}
