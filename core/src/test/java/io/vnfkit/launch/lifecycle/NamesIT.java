package io.vnfkit.launch.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.LaunchException;
import io.vnfkit.OnJvmExit;
import io.vnfkit.Problem;
import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.VnfkitException;
import io.vnfkit.cgroup.Polling;
import io.vnfkit.testing.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Names are exclusive on a host, free after the close, and survive stale state. */
@Tag("root")
@RequiresRoot
@Timeout(120)
class NamesIT {

    private static final Path STATE = Path.of("/run/vnfkit/vnfs");

    @RegisterExtension
    private final OwnVnfs vnfs = new OwnVnfs();

    private final VnfLauncher launcher = VnfLauncher.onThisHost();

    @Test
    void oneOfManyThreadsGetsTheName() throws Exception {
        Vnf vnf = vnfs.shell("sleep 300").build();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<RunningVnf>> launches = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                launches.add(threads.submit(() -> vnfs.launch(vnf)));
            }
            int launched = 0;
            for (Future<RunningVnf> launch : launches) {
                try {
                    launch.get(60, TimeUnit.SECONDS);
                    launched++;
                } catch (ExecutionException refused) {
                    assertThat(refused.getCause()).isInstanceOf(VnfkitException.class).hasMessage(inUse(vnf.name()));
                }
            }
            assertThat(launched).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    private static String inUse(String name) {
        return "a VNF named \"" + name + "\" is running or being launched on this host: choose another name or close it first";
    }

    @Test
    void aNameInUseByAnotherJvmIsRefusedAndFreeAfterTheClose() {
        String name = vnfs.name();
        Vnf vnf = Vnf.named(name).command("true").build();
        try (ChildJvm other = ChildJvm.start(LaunchingJvm.class, name, OnJvmExit.KILL.name(), "true", "sleep 300")) {
            assertThat(other.line()).startsWith("launched");
            assertThatThrownBy(() -> vnfs.launch(vnf)).isInstanceOf(VnfkitException.class).hasMessage(inUse(name));
            assertThat(launcher.preflight(vnf)).extracting(Problem::where).containsExactly("name");
            other.say("close");
            assertThat(other.line()).isEqualTo("done close");
            assertThat(launcher.preflight(vnf)).isEmpty();
            vnfs.launch(vnf).close();
        }
    }

    @Test
    void aNameIsHeldUntilTheCloseOfAVnfThatHasEnded() {
        Vnf vnf = vnfs.shell("exit 0").build();
        RunningVnf first = vnfs.launch(vnf);
        OwnVnfs.exitCode(first);
        assertThatThrownBy(() -> vnfs.launch(vnf)).hasMessage(inUse(vnf.name()));
        assertThat(launcher.find(vnf.name())).isEmpty();
        first.close();
        vnfs.launch(vnf).close();
    }

    @Test
    void whoOnlyLooksAtNamesNeverTakesOneFromALaunch() throws Exception {
        Vnf vnf = vnfs.shell("exit 0").build();
        AtomicBoolean enough = new AtomicBoolean();
        ExecutorService lookers = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> looking = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                looking.add(lookers.submit(() -> {
                    while (!enough.get()) {
                        launcher.names();
                        launcher.find(vnf.name());
                        launcher.cleanUp();
                    }
                }));
            }
            for (int i = 0; i < 30; i++) {
                vnfs.launch(vnf).close();
            }
            enough.set(true);
            for (Future<?> each : looking) {
                each.get(30, TimeUnit.SECONDS);
            }
        } finally {
            lookers.shutdownNow();
        }
    }

    @Test
    void aLockWithoutARecordIsTakenAway() throws Exception {
        String name = vnfs.name();
        Files.createDirectories(STATE.resolve(name));
        Files.createFile(STATE.resolve(name).resolve("lock"));
        Files.createFile(STATE.resolve(name).resolve("record.new"));
        assertThat(launcher.find(name)).isEmpty();
        assertThat(launcher.names()).doesNotContain(name);
        launcher.cleanUp();
        assertThat(STATE.resolve(name)).doesNotExist();
    }

    @Test
    void anEmptyDirectoryOfACrashIsTakenAway() throws Exception {
        String name = vnfs.name();
        Files.createDirectories(STATE.resolve(name));
        launcher.cleanUp();
        assertThat(STATE.resolve(name)).doesNotExist();
    }

    @Test
    void aDamagedRecordIsAnErrorThatNamesTheFileAndTheCure() throws Exception {
        String damaged = vnfs.name();
        Path record = stale(damaged, "process=12 nonsense\n");
        try {
            assertThatThrownBy(() -> launcher.find(damaged)).isInstanceOf(VnfkitException.class)
                    .hasMessageContaining(record.toString()).hasMessageContaining("damaged").hasMessageContaining("remove");
            assertThatThrownBy(() -> vnfs.launch(Vnf.named(damaged).command("true"))).isInstanceOf(VnfkitException.class)
                    .hasMessageContaining(record.toString());
            assertThatThrownBy(launcher::cleanUp).isInstanceOf(VnfkitException.class)
                    .hasMessageContaining("what VNF \"" + damaged + "\" left behind").hasMessageContaining(record.toString());
            assertThat(record).as("it may name what has to be taken away").exists();
            // Others are not held up.
            String other = vnfs.name();
            stale(other, "");
            Files.delete(STATE.resolve(other).resolve("record"));
            assertThatThrownBy(launcher::cleanUp).isInstanceOf(VnfkitException.class);
            assertThat(STATE.resolve(other)).doesNotExist();
            vnfs.launch(vnfs.shell("true")).close();
        } finally {
            Files.deleteIfExists(record);
            launcher.cleanUp();
        }
    }

    private static Path stale(String name, String record) throws IOException {
        Files.createDirectories(STATE.resolve(name));
        Files.createFile(STATE.resolve(name).resolve("lock"));
        return Files.writeString(STATE.resolve(name).resolve("record"), record);
    }

    @Test
    void directoriesThatVnfkitDidNotMakeStay() throws Exception {
        String name = vnfs.name();
        Path beside = Path.of("/run/vnfkit", name);
        Path among = STATE.resolve(name);
        Path hidden = STATE.resolve("." + name);
        Files.createDirectories(among);
        Files.createDirectories(hidden);
        Files.createDirectories(beside);
        Files.writeString(among.resolve("notes"), "mine");
        try {
            launcher.cleanUp();
            vnfs.launch(vnfs.shell("true")).close();
            assertThat(beside).isEmptyDirectory();
            assertThat(hidden).isEmptyDirectory();
            assertThat(among).isDirectoryContaining("glob:**/notes");
            assertThat(Files.list(among)).hasSize(1);
        } finally {
            Files.delete(among.resolve("notes"));
            Files.delete(among);
            Files.delete(hidden);
            Files.delete(beside);
        }
    }

    @Test
    void aControlGroupThatVnfkitDidNotMakeStays() throws Exception {
        Vnf vnf = vnfs.shell("true").build();
        Path foreign = Traces.hierarchies().get(0).mountPoint().resolve("vnfkit").resolve(vnf.name());
        vnfs.launch(vnfs.shell("true")).close();
        // Their common parent went with that VNF, unless somebody else has one.
        boolean madeParent = foreign.getParent().toFile().mkdir();
        Files.createDirectory(foreign);
        Process member = new ProcessBuilder("sh", "-c", "echo 0 > " + foreign + "/cgroup.procs; echo in; exec sleep 300").start();
        try {
            assertThat(member.inputReader().readLine()).isEqualTo("in");
            assertThat(launcher.preflight(vnf)).extracting(Problem::what)
                    .containsExactly("the control group " + foreign + " exists, and vnfkit did not make it");
            assertThatThrownBy(() -> vnfs.launch(vnf)).isInstanceOf(LaunchException.class)
                    .hasMessageContaining(foreign.toString()).hasMessageContaining("did not make it")
                    .hasMessageContaining("create control group");
            launcher.cleanUp();
            assertThat(foreign).isDirectory();
            assertThat(member.isAlive()).isTrue();
            assertThat(STATE.resolve(vnf.name())).doesNotExist();
        } finally {
            member.destroyForcibly();
            member.onExit().get(30, TimeUnit.SECONDS);
            assertThat(Polling.until(() -> foreign.toFile().delete(), Duration.ofSeconds(10))).isTrue();
            assertThat(!madeParent || foreign.getParent().toFile().delete()).isTrue();
        }
    }

    @Test
    void aMountPointInAControlGroupStaysAndTheCloseCanBeRepeated() throws Exception {
        RunningVnf vnf = vnfs.launch(vnfs.shell("sleep 300"));
        Path inside = Traces.controlGroups(vnf.name()).get(0).resolve("mounted");
        Files.createDirectory(inside);
        run("mount", "-t", "tmpfs", "none", inside.toString());
        try {
            Files.writeString(inside.resolve("file"), "content");
            assertThatThrownBy(vnf::close).isInstanceOf(VnfkitException.class).hasMessageContaining(inside.toString())
                    .hasMessageContaining("mount point");
            assertThat(inside.resolve("file")).hasContent("content");
            assertThat(launcher.names()).as("the name is held until everything is away").contains(vnf.name());
        } finally {
            run("umount", inside.toString());
        }
        vnf.close();
        assertThat(Traces.of(vnf.name())).isEmpty();
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
