package io.vnfkit.cgroup;

import io.vnfkit.linux.KernelFiles;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Stops and continues all processes of a group: by {@code cgroup.freeze} of version 2, else by the freezer controller
 * of version 1.
 */
final class CgroupFreezer {

    /**
     * A frozen version 1 group that does not settle is thawed now and then, since a fork under way can keep it from
     * settling.
     */
    private static final int ATTEMPTS_BETWEEN_THAWS = 50;

    private static final Duration BRIEFLY = Duration.ofMillis(50);

    private final KernelFiles files;
    private final Path directory;
    private final boolean version1;

    CgroupFreezer(KernelFiles files, Path directory, boolean version1) {
        this.files = files;
        this.directory = directory;
        this.version1 = version1;
    }

    /** Tells whether freezing was asked for, whether or not all processes are stopped yet. */
    boolean isAskedFor() {
        String state = files.readIfExists(control().toString()).orElse("");
        return version1 ? !state.isEmpty() && !state.equals("THAWED") : state.equals("1");
    }

    boolean isFrozen() {
        if (version1) {
            return files.readIfExists(control().toString()).orElse("").equals("FROZEN");
        }
        return KeyedFile.read(files, directory.resolve("cgroup.events")).value("frozen").orElse(0) == 1;
    }

    void freeze(Duration limit) {
        int[] attempts = {0};
        write(true);
        boolean frozen = Polling.until(() -> isFrozen() || version1 && retry(++attempts[0]), limit);
        if (!frozen) {
            thaw();
            throw new CgroupTimeoutException("freezing", directory, limit,
                    "a process is in an uninterruptible wait; the group was thawed again", null);
        }
    }

    /** Freezes as far as it goes, for a caller that only wants fewer processes to run. */
    void tryFreeze() {
        write(true);
        Polling.until(this::isFrozen, BRIEFLY);
    }

    /** Version 1 looks at the processes only when its file is written or read; never the end of waiting by itself. */
    private boolean retry(int attempt) {
        if (attempt % ATTEMPTS_BETWEEN_THAWS == 0) {
            write(false);
        }
        write(true);
        return false;
    }

    void thaw() {
        write(false);
    }

    private void write(boolean freeze) {
        String value = version1 ? freeze ? "FROZEN" : "THAWED" : freeze ? "1" : "0";
        files.write(control().toString(), value);
    }

    private Path control() {
        return directory.resolve(version1 ? "freezer.state" : "cgroup.freeze");
    }
}
