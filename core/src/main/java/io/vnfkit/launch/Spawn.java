package io.vnfkit.launch;

import io.vnfkit.StandardStreams;
import io.vnfkit.Stdio;
import io.vnfkit.launch.program.Program;
import io.vnfkit.launch.program.Report;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.SpawnRequest;
import io.vnfkit.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts the launch init with its seven descriptors and reads what it reports: the three standard streams, the program, the report
 * pipe, the liveness pipe and the lock file.
 */
final class Spawn {

    /** Above the seven numbers that descriptors get in the child. */
    static final int LOWEST_DESCRIPTOR = 16;

    private static final int OUTPUT_MODE = 0640;

    private final Syscalls syscalls;
    private final List<Integer> ofChild = new ArrayList<>();
    private final List<Integer> ofCaller = new ArrayList<>();

    private Spawn(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /**
     * What came of it.
     *
     * @param supervisorPid the init that stays on the host
     * @param reports what it reported until the program was executed
     * @param streams this JVM's ends of the pipes
     */
    record Outcome(int supervisorPid, List<Report> reports, PipeEnds streams) {}

    static Outcome start(Syscalls syscalls, InitImage init, Program program, StandardStreams streams, int liveness,
            int lock) {
        Spawn spawn = new Spawn(syscalls);
        boolean started = false;
        try {
            Outcome outcome = spawn.start(init, program, streams, liveness, lock);
            started = true;
            return outcome;
        } finally {
            spawn.closeAll(spawn.ofChild);
            if (!started) {
                spawn.closeAll(spawn.ofCaller);
            }
        }
    }

    private Outcome start(InitImage init, Program program, StandardStreams streams, int liveness, int lock) {
        int in = open(streams.in(), 0);
        int out = open(streams.out(), 1);
        int err = streams.err().equals(streams.out()) && !(streams.out() instanceof Stdio.Pipe)
                ? keepForChild(syscalls.duplicate(out, LOWEST_DESCRIPTOR)) : open(streams.err(), 2);
        int code = keepForChild(InitImage.sealed(syscalls, "vnfkit-program", program.content()));
        Syscalls.Pipe report = syscalls.pipe();
        ofCaller.add(report.readEnd());
        int reportEnd = raise(report.writeEnd());
        int livenessEnd = keepForChild(syscalls.duplicate(liveness, LOWEST_DESCRIPTOR));
        int lockCopy = keepForChild(syscalls.duplicate(lock, LOWEST_DESCRIPTOR));
        int pid = syscalls.spawn(new SpawnRequest(init.path(), List.of("vnfkit-init"),
                List.of(in, out, err, code, reportEnd, livenessEnd, lockCopy)));
        // The pipe ends only when every writer has closed it, and this JVM is one.
        closeAll(ofChild);
        List<Report> reports = readReports(report.readEnd());
        ofCaller.remove((Integer) report.readEnd());
        syscalls.close(report.readEnd());
        return new Outcome(pid, reports, PipeEnds.of(streams, ofCaller));
    }

    private int open(Stdio stdio, int number) {
        if (stdio instanceof Stdio.Inherit) {
            return keepForChild(syscalls.duplicate(number, LOWEST_DESCRIPTOR));
        }
        if (stdio instanceof Stdio.Pipe) {
            return openPipe(number);
        }
        if (stdio instanceof Stdio.ToFile file) {
            return openFile(file.path(), number);
        }
        return raise(syscalls.open(Path.of("/dev/null"), LinuxConstants.O_RDWR, 0));
    }

    private int openPipe(int number) {
        Syscalls.Pipe pipe = syscalls.pipe();
        ofCaller.add(number == 0 ? pipe.writeEnd() : pipe.readEnd());
        return raise(number == 0 ? pipe.readEnd() : pipe.writeEnd());
    }

    private int openFile(Path path, int number) {
        int flags = number == 0 ? LinuxConstants.O_RDONLY
                : LinuxConstants.O_WRONLY | LinuxConstants.O_CREAT | LinuxConstants.O_APPEND;
        return raise(syscalls.open(path, flags, OUTPUT_MODE));
    }

    /** Moves a descriptor out of the way of the numbers that the child's descriptors get. */
    private int raise(int descriptor) {
        int raised = keepForChild(syscalls.duplicate(descriptor, LOWEST_DESCRIPTOR));
        syscalls.close(descriptor);
        return raised;
    }

    private int keepForChild(int descriptor) {
        ofChild.add(descriptor);
        return descriptor;
    }

    private void closeAll(List<Integer> descriptors) {
        descriptors.forEach(syscalls::close);
        descriptors.clear();
    }

    private List<Report> readReports(int descriptor) {
        ByteBuffer records = ByteBuffer.allocateDirect(16 * Report.SIZE);
        while (records.hasRemaining() && syscalls.read(descriptor, records) > 0) {
            continue;
        }
        return Report.parseAll(records.flip());
    }
}
