package io.vnfkit.launch;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.KernelFileException;
import io.vnfkit.linux.KernelFiles;
import java.util.Optional;
import java.util.Set;

/** Reads /proc/PID/stat. */
final class ProcessTable {

    /** Fields of proc(5) are counted from the state, which is field 3 and comes after the name's closing parenthesis. */
    private static final int STATE = 0;
    private static final int START_TIME = 22 - 3;

    /** A zombie waits for its parent only, and a parent may never come. */
    private static final Set<String> ENDED = Set.of("Z", "X", "x");

    private final KernelFiles files;

    ProcessTable(KernelFiles files) {
        this.files = files;
    }

    /** The process that has this id now. One that has been reaped gets a start that none has, and counts as ended. */
    ProcessIdentity identify(long pid) {
        return stat(pid).map(fields -> identity(pid, fields)).orElse(new ProcessIdentity(pid, 0));
    }

    /** Tells whether a process runs, rather than having ended, reaped or not. */
    boolean isAlive(ProcessIdentity process) {
        return process.pid() > 0 && stat(process.pid())
                .filter(fields -> !ENDED.contains(fields[STATE]))
                .filter(fields -> identity(process.pid(), fields).equals(process)).isPresent();
    }

    private static ProcessIdentity identity(long pid, String[] fields) {
        return new ProcessIdentity(pid, Long.parseLong(fields[START_TIME]));
    }

    private Optional<String[]> stat(long pid) {
        try {
            // The name can hold blanks and parentheses.
            return files.readIfExists("/proc/" + pid + "/stat")
                    .map(stat -> stat.substring(stat.lastIndexOf(')') + 2).split(" "));
        } catch (KernelFileException failure) {
            // It was reaped between open and read.
            if (failure.is(Errno.ESRCH)) {
                return Optional.empty();
            }
            throw failure;
        }
    }
}
