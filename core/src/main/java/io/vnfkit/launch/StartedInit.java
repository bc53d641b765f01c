package io.vnfkit.launch;

import io.vnfkit.LaunchException;
import io.vnfkit.launch.program.Report;
import io.vnfkit.linux.Syscalls;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A launch init that was started, with what it reported until the program was executed or the launch had failed.
 *
 * @param supervisorPid the init, a child of this JVM
 * @param reports what it reported
 * @param streams this JVM's ends of the pipes
 */
record StartedInit(int supervisorPid, List<Report> reports, PipeEnds streams) {

    private static final int SIGKILL = 9;

    /** The process that the init reported; otherwise waits for the init's end and throws. */
    int startedPid(Syscalls syscalls, LaunchPlan plan) {
        Optional<Report.Failed> failed = first(Report.Failed.class);
        Optional<Report.Started> started = first(Report.Started.class);
        if (failed.isEmpty() && started.isPresent()) {
            return Math.toIntExact(started.get().value());
        }
        int exitCode = syscalls.waitFor(supervisorPid).exitCode();
        LaunchException failure = failed.map(report -> LaunchFailure.ofReport(plan, report))
                .orElseGet(() -> LaunchFailure.withoutReport(plan, exitCode));
        streams.closeAll(syscalls);
        throw failure;
    }

    private <T extends Report> Optional<T> first(Class<T> type) {
        return reports.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    /** Completes with the exit code of the supervisor, which is that of the program. */
    CompletableFuture<Integer> watch(ExitWatcher watcher, Syscalls syscalls) {
        return watcher.watch(syscalls.pidfdOpen(supervisorPid), () -> syscalls.waitFor(supervisorPid).exitCode());
    }

    /** Kills it, which kills the program too, and reaps it. */
    void abandon(Syscalls syscalls) {
        kill(syscalls, supervisorPid);
        streams.closeAll(syscalls);
    }

    /** Kills a child of this JVM and reaps it. */
    static void kill(Syscalls syscalls, int pid) {
        // Until it is reaped the id is its own.
        int pidfd = syscalls.pidfdOpen(pid);
        try {
            syscalls.pidfdSendSignal(pidfd, SIGKILL);
        } finally {
            syscalls.close(pidfd);
        }
        syscalls.waitFor(pid);
    }
}
