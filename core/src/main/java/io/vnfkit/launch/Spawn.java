package io.vnfkit.launch;

import io.vnfkit.StandardStreams;
import io.vnfkit.Stdio;
import io.vnfkit.launch.compile.ProgramCompiler;
import io.vnfkit.launch.program.Architecture;
import io.vnfkit.launch.program.Program;
import io.vnfkit.launch.program.Report;
import io.vnfkit.linux.KernelException;
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

    /** Starts the init with the program of a plan. */
    static StartedInit start(LaunchSite site, LaunchPlan plan, StandardStreams streams, int lock) {
        Program program = ProgramCompiler.compile(plan, Architecture.current(), site.host().files());
        try {
            return start(site.syscalls(), site.init(), program.content(), streams, lock);
        } catch (KernelException refusal) {
            throw LaunchFailure.ofSpawn(plan, refusal);
        }
    }

    /**
     * Starts the init.
     *
     * @param program the launch program
     * @param streams where the standard streams of what it starts go
     * @param lock a file that it locks with this JVM and writes the exit record to
     */
    static StartedInit start(Syscalls syscalls, InitImage init, ByteBuffer program, StandardStreams streams, int lock) {
        Spawn spawn = new Spawn(syscalls);
        boolean started = false;
        try {
            StartedInit outcome = spawn.start(init, program, streams, lock);
            started = true;
            return outcome;
        } finally {
            spawn.closeAll(spawn.ofChild);
            if (!started) {
                spawn.closeAll(spawn.ofCaller);
            }
        }
    }

    private StartedInit start(InitImage init, ByteBuffer program, StandardStreams streams, int lock) {
        int in = open(streams.in(), 0);
        int out = open(streams.out(), 1);
        int err = sharesOutput(streams) ? keepForChild(syscalls.duplicate(out, LOWEST_DESCRIPTOR)) : open(streams.err(), 2);
        int code = keepForChild(InitImage.sealed(syscalls, "vnfkit-program", program));
        Syscalls.Pipe report = syscalls.pipe();
        ofCaller.add(report.readEnd());
        int reportEnd = raise(report.writeEnd());
        int liveness = keepForChild(syscalls.duplicate(LivenessPipe.readEnd(syscalls), LOWEST_DESCRIPTOR));
        int lockCopy = keepForChild(syscalls.duplicate(lock, LOWEST_DESCRIPTOR));
        int pid = syscalls.spawn(new SpawnRequest(init.path(), List.of("vnfkit-init"),
                List.of(in, out, err, code, reportEnd, liveness, lockCopy)));
        try {
            // The pipe ends only when every writer has closed it, and this JVM is one.
            closeAll(ofChild);
            List<Report> reports = readReports(report.readEnd());
            ofCaller.remove((Integer) report.readEnd());
            syscalls.close(report.readEnd());
            return new StartedInit(pid, reports, PipeEnds.of(streams, ofCaller));
        } catch (RuntimeException | Error failure) {
            StartedInit.kill(syscalls, pid);
            throw failure;
        }
    }

    /** One open file for both, or lines of the two would overwrite each other. */
    private static boolean sharesOutput(StandardStreams streams) {
        return streams.err() instanceof Stdio.LikeOutput
                || streams.err().equals(streams.out()) && streams.out() instanceof Stdio.ToFile;
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
        try {
            return keepForChild(syscalls.duplicate(descriptor, LOWEST_DESCRIPTOR));
        } finally {
            syscalls.close(descriptor);
        }
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
