package io.vnfkit.launch;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.KernelFileException;
import io.vnfkit.linux.KernelFiles;
import java.util.OptionalLong;

/** Reads /proc/PID/stat. */
final class ProcessTable {

    /** Field 22 of proc(5), counted from the state, which is field 3 and comes after the name's closing parenthesis. */
    private static final int START_TIME = 22 - 3;

    private final KernelFiles files;

    ProcessTable(KernelFiles files) {
        this.files = files;
    }

    /** When a process started, in clock ticks since boot; empty if there is none. Together with the id it names one process. */
    OptionalLong startTime(long pid) {
        try {
            return files.readIfExists("/proc/" + pid + "/stat").map(ProcessTable::startTime).orElse(OptionalLong.empty());
        } catch (KernelFileException failure) {
            // It was reaped between open and read.
            if (failure.is(Errno.ESRCH)) {
                return OptionalLong.empty();
            }
            throw failure;
        }
    }

    private static OptionalLong startTime(String stat) {
        // The name can hold blanks and parentheses.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return OptionalLong.of(Long.parseLong(fields[START_TIME]));
    }

    /** Tells whether the process with this id is still the one that started then. */
    boolean isAlive(long pid, long startTime) {
        OptionalLong now = pid > 0 ? startTime(pid) : OptionalLong.empty();
        return now.isPresent() && now.getAsLong() == startTime;
    }
}
