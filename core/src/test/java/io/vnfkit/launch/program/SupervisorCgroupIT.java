package io.vnfkit.launch.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.launch.program.Argument.Slot;
import io.vnfkit.testing.Await;
import io.vnfkit.testing.Needs;
import io.vnfkit.testing.RequiresCgroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the supervisor does to the VNF's control group when the JVM ends. */
@Tag("root")
@Timeout(60)
class SupervisorCgroupIT {

    private static final int AT_FDCWD = -100;
    private static final int O_WRONLY = 1;
    private static final int O_PATH = 0x200000;
    private static final long CLONE_INTO_CGROUP = 0x200000000L;

    @TempDir
    private Path directory;

    private ProgramBuilder program;
    private Path cgroup;

    @BeforeEach
    void startProgram() {
        program = new ProgramBuilder(Architecture.current());
    }

    @AfterEach
    void removeCgroup() throws IOException {
        if (cgroup != null) {
            Files.delete(cgroup);
        }
    }

    @Test
    @RequiresCgroup(version = 2)
    void everyProcessOfTheControlGroupIsKilledWithTheJvm() throws Exception {
        makeCgroup(mountPoint("cgroup2", ""));
        Needs.thing(Files.exists(cgroup.resolve("cgroup.kill")), "cgroup.kill", "Linux 5.14");
        Slot group = program.slot();
        Slot kill = program.slot();
        Label vnf = program.label();
        open(cgroup, O_PATH).into(group);
        open(cgroup.resolve("cgroup.kill"), O_WRONLY).into(kill)
                .cloneChild(CLONE_INTO_CGROUP, group, vnf)
                .superviseVnf(true, kill, Argument.NONE);
        program.bind(vnf);
        shell("setsid sleep 60 & echo ready; wait");

        try (InitProcess init = InitProcess.start(directory, program.build())) {
            assertThat(init.readLine()).isEqualTo("ready");
            assertThat(Files.readAllLines(cgroup.resolve("cgroup.procs"))).hasSizeGreaterThanOrEqualTo(2);
            init.closeLiveness();
            assertThat(init.waitFor()).isEqualTo(128 + 9);
            Await.until("the state of the control group", () -> contentOf("cgroup.events").contains("populated 0"));
        }
    }

    @Test
    @RequiresCgroup(version = 1, controller = "freezer")
    void aFrozenVnfIsThawedToDieWithTheJvm() throws Exception {
        makeCgroup(mountPoint("cgroup", "freezer"));
        Slot freezer = program.slot();
        Slot procs = program.slot();
        Label vnf = program.label();
        open(cgroup.resolve("freezer.state"), O_WRONLY).into(freezer)
                .cloneChild(0, vnf).superviseVnf(true, Argument.NONE, freezer);
        program.bind(vnf);
        open(cgroup.resolve("cgroup.procs"), O_WRONLY).into(procs)
                .syscall(SyscallNumber.WRITE, procs, program.string("0"), Argument.of(1));
        shell("echo ready; exec sleep 60");

        try (InitProcess init = InitProcess.start(directory, program.build())) {
            assertThat(init.readLine()).isEqualTo("ready");
            assertThat(init.reports()).isEmpty();
            Files.writeString(cgroup.resolve("freezer.state"), "FROZEN");
            Await.until("the state of the control group", () -> contentOf("freezer.state").contains("FROZEN"));
            init.closeLiveness();
            assertThat(init.waitFor()).isEqualTo(128 + 9);
            Await.until("the state of the control group", () -> contentOf("cgroup.procs").isEmpty());
        }
    }

    private ProgramBuilder open(Path path, int flags) {
        return program.syscall(SyscallNumber.OPENAT, Argument.of(AT_FDCWD), program.string(path.toString()),
                Argument.of(flags));
    }

    private void shell(String script) {
        program.clearSignals().closeFrom(3).exec("/bin/sh", List.of("sh", "-c", script), List.of("PATH=/usr/bin:/bin"))
                .exit(125);
    }

    private void makeCgroup(Path hierarchy) throws IOException {
        String name = "vnfkit-init-it-" + ProcessHandle.current().pid();
        cgroup = Files.createDirectory(hierarchy.resolve(name));
    }

    private static Path mountPoint(String type, String option) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .map(line -> line.split(" "))
                .filter(fields -> fields[2].equals(type))
                .filter(fields -> option.isEmpty() || List.of(fields[3].split(",")).contains(option))
                .map(fields -> Path.of(fields[1]))
                .findFirst().orElseThrow();
    }

    private String contentOf(String file) {
        try {
            return Files.readString(cgroup.resolve(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
