package io.vnfkit.launch.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.launch.program.Argument.Data;
import io.vnfkit.launch.program.Argument.Slot;
import io.vnfkit.linux.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the init promises inside namespaces. */
@Tag("root")
@Timeout(60)
class LaunchInitIT {

    private static final int AT_FDCWD = -100;
    private static final int O_WRONLY = 1;
    private static final long CLONE_NEWUSER = 0x10000000L;
    private static final long CLONE_NEWPID = 0x20000000L;
    private static final long CLONE_NEWNET = 0x40000000L;
    private static final int PR_SET_PDEATHSIG = 1;

    @TempDir
    private Path directory;

    private ProgramBuilder program;

    @BeforeEach
    void startProgram() {
        program = new ProgramBuilder(Architecture.current());
    }

    @Test
    void theVnfIsProcessOneOfItsNamespace() throws Exception {
        Label vnf = program.label();
        program.cloneChild(CLONE_NEWPID, vnf).superviseVnf(true, Argument.NONE, Argument.NONE);
        program.bind(vnf);
        shell("echo $$");

        try (InitProcess init = InitProcess.start(directory, program.build())) {
            assertThat(init.readLine()).isEqualTo("1");
            assertThat(init.waitFor()).isZero();
        }
    }

    @Test
    void theFirstProcessReapsOrphansAndEndsWithTheCodeOfItsChild() throws Exception {
        withFirstProcess();
        // The inner shell ends at once, so its child becomes an orphan; it can be signalled until it has been reaped.
        shell("sh -c 'sleep 0.05 & echo $!' > orphan; read pid < orphan; while kill -0 $pid 2>/dev/null; do :; done;"
                + " echo reaped; exit 9");

        try (InitProcess init = InitProcess.start(directory, program.build())) {
            assertThat(init.readLine()).isEqualTo("reaped");
            assertThat(init.waitFor()).isEqualTo(9);
            assertThat(init.exitRecord()).contains(new ExitRecord(9, 9 << 8));
        }
    }

    @Test
    void signalsPassThroughBothSupervisors() throws Exception {
        withFirstProcess();
        shell("echo ready; exec sleep 60");

        try (InitProcess init = InitProcess.start(directory, program.build())) {
            assertThat(init.readLine()).isEqualTo("ready");
            assertThat(init.reports()).isEmpty();
            init.signal("TERM");
            assertThat(init.waitFor()).isEqualTo(128 + 15);
        }
    }

    @Test
    void theEndOfTheOuterSupervisorEndsTheWholeNamespace() throws Exception {
        Label first = program.label();
        Label vnf = program.label();
        program.cloneChild(CLONE_NEWPID, first).awaitChild().releaseChild()
                .superviseVnf(true, Argument.NONE, Argument.NONE);
        program.bind(first)
                .syscall(SyscallNumber.PRCTL, Argument.of(PR_SET_PDEATHSIG), Argument.of(9)).barrier()
                .cloneChild(0, vnf).superviseAsFirstProcess();
        program.bind(vnf);
        shell("echo ready; exec sleep 60");

        try (InitProcess init = InitProcess.start(directory, program.build())) {
            assertThat(init.readLine()).isEqualTo("ready");
            init.signal("KILL");
            assertThat(init.waitFor()).isEqualTo(128 + 9);
            assertThat(init.readLine()).as("the last writer of the VNF's output is gone").isEmpty();
        }
    }

    @Test
    void theParentWritesTheMapsOfAUserNamespace() throws Exception {
        Slot child = program.slot();
        Slot file = program.slot();
        Data path = program.data().bytes("/proc/##########/uid_map\0".getBytes(StandardCharsets.US_ASCII));
        Label vnf = program.label();
        program.cloneChild(CLONE_NEWUSER, vnf).into(child).awaitChild()
                .formatDecimal(child, path.plus(6), 10)
                .syscall(SyscallNumber.OPENAT, Argument.of(AT_FDCWD), path, Argument.of(O_WRONLY)).into(file)
                .syscall(SyscallNumber.WRITE, file, program.string("0 100000 65536"), Argument.of(14))
                .syscall(SyscallNumber.CLOSE, file)
                .releaseChild().superviseVnf(true, Argument.NONE, Argument.NONE);
        program.bind(vnf).barrier();
        shell("echo $(cat /proc/self/uid_map)");

        try (InitProcess init = InitProcess.start(directory, program.build())) {
            assertThat(init.readLine()).isEqualTo("0 100000 65536");
            assertThat(init.waitFor()).isZero();
        }
    }

    @Test
    void netlinkRequestsAreAcknowledged() throws Exception {
        netlinkProgram(program.data().bytes(setLinkUp(1, 42)));
        // The loopback interface has an IPv4 route of its own as soon as it is up.
        shell("grep -c 127.0.0.1 /proc/self/net/fib_trie");

        try (InitProcess init = InitProcess.start(directory, program.build())) {
            assertThat(init.reports()).isEmpty();
            assertThat(init.readLine()).isNotEqualTo("0");
            assertThat(init.waitFor()).isZero();
        }
    }

    @Test
    void anErrorInANetlinkAcknowledgementIsReported() throws Exception {
        netlinkProgram(program.data().bytes(setLinkUp(4711, 43)));
        program.exit(0);

        try (InitProcess init = InitProcess.start(directory, program.build())) {
            assertThat(init.reports()).containsExactly(
                    new Report.Failed(6, OptionalInt.of(5), Optional.of(Opcode.NETLINK), Errno.ENODEV.number(), 0));
        }
    }

    private void withFirstProcess() {
        Label first = program.label();
        Label vnf = program.label();
        program.cloneChild(CLONE_NEWPID, first).superviseVnf(true, Argument.NONE, Argument.NONE);
        program.bind(first).cloneChild(0, vnf).superviseAsFirstProcess();
        program.bind(vnf);
    }

    private void netlinkProgram(Data message) {
        Slot socket = program.slot();
        Label vnf = program.label();
        program.cloneChild(CLONE_NEWNET, vnf).awaitChild().releaseChild()
                .superviseVnf(true, Argument.NONE, Argument.NONE);
        program.bind(vnf)
                // AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE
                .syscall(SyscallNumber.SOCKET, Argument.of(16), Argument.of(0x80003), Argument.ZERO).into(socket)
                .step(6).netlink(socket, message, 32).barrier();
    }

    /** RTM_NEWLINK with struct ifinfomsg: IFF_UP on an interface. */
    private static byte[] setLinkUp(int index, int sequence) {
        ByteBuffer message = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        message.putInt(32).putShort((short) 16).putShort((short) 5).putInt(sequence).putInt(0);
        message.putInt(0).putInt(index).putInt(1).putInt(1);
        return message.array();
    }

    private void shell(String script) {
        program.clearSignals().closeFrom(3)
                .exec("/bin/sh", List.of("sh", "-c", script), List.of("PATH=/usr/bin:/bin:/usr/sbin:/sbin")).exit(125);
    }
}
