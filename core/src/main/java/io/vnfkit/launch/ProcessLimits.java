package io.vnfkit.launch;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.security.ResourceLimit;
import java.util.ArrayList;
import java.util.List;

/** The resource limits of running processes, from /proc/PID/limits. */
final class ProcessLimits {

    private final KernelFiles files;

    ProcessLimits(KernelFiles files) {
        this.files = files;
    }

    /** Limits of a process that are not those of this JVM, which its children get. */
    List<ResourceLimit> ownOf(long pid) {
        List<ResourceLimit> limits = parse(files.readLines("/proc/" + pid + "/limits"));
        limits.removeAll(parse(files.readLines("/proc/self/limits")));
        return limits;
    }

    /** Below a headline the kernel lists one limit per line, in the order of their numbers (proc_pid_limits in fs/proc/base.c). */
    static List<ResourceLimit> parse(List<String> lines) {
        ResourceLimit.Kind[] kinds = ResourceLimit.Kind.values();
        List<ResourceLimit> limits = new ArrayList<>();
        for (int i = 0; i < kinds.length && i + 1 < lines.size(); i++) {
            // The names hold single blanks.
            String[] columns = lines.get(i + 1).split(" {2,}");
            limits.add(new ResourceLimit(kinds[i], number(columns[1]), number(columns[2])));
        }
        return limits;
    }

    private static long number(String text) {
        return text.equals("unlimited") ? ResourceLimit.UNLIMITED : Long.parseUnsignedLong(text);
    }
}
