package io.vnfkit.launch.lifecycle;

import io.vnfkit.RunningCommand;
import io.vnfkit.RunningVnf;
import io.vnfkit.StandardStreams;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.namespace.NamespaceKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The VNFs of one test, with names that no other test run on this machine uses. Afterwards nothing of them may be left. */
final class OwnVnfs implements AfterEachCallback {

    static final long PATIENCE_SECONDS = 30;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final VnfLauncher launcher = VnfLauncher.onThisHost();
    private final List<String> names = new ArrayList<>();
    private final List<RunningVnf> running = new ArrayList<>();

    VnfLauncher launcher() {
        return launcher;
    }

    /** A name of the test's own, without leading another one's. */
    synchronized String name() {
        String name = "life" + ProcessHandle.current().pid() + "n" + NUMBER.incrementAndGet() + "e";
        names.add(name);
        return name;
    }

    /** A VNF in namespaces of its own that runs a script with its streams in pipes. */
    Vnf.Builder shell(String script) {
        return sharingPids(script).namespaces(namespaces -> namespaces.fresh(NamespaceKind.PID));
    }

    /** One without a pid namespace of its own: it sees the host's process ids. */
    Vnf.Builder sharingPids(String script) {
        return Vnf.named(name()).streams(StandardStreams.PIPES).command("sh", "-c", script)
                .namespaces(namespaces -> namespaces.isolateAll().inherit(NamespaceKind.PID));
    }

    /** One that fails at a step of its own process, which only the kernel knows beforehand. */
    static Vnf.Builder failing(Vnf.Builder vnf) {
        return vnf.mount(new VnfMount.Filesystem("tmpfs", "none", Path.of("/run/failing"), Set.of(), "nonsense=1"));
    }

    RunningVnf launch(Vnf.Builder description) {
        return launch(description.build());
    }

    RunningVnf launch(Vnf description) {
        RunningVnf vnf = launcher.launch(description);
        synchronized (this) {
            running.add(vnf);
        }
        return vnf;
    }

    /** The exit code, in time. */
    static int exitCode(RunningCommand command) {
        try {
            return command.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError("no exit code of " + command, failure);
        }
    }

    /** One line from a pipe. Reads ahead, so it is asked once per stream. */
    static BufferedReader lines(RunningCommand command) {
        return new BufferedReader(new InputStreamReader(command.standardOutput(), StandardCharsets.UTF_8));
    }

    static String firstLine(RunningCommand command) {
        try {
            return lines(command).readLine();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static String allOutput(RunningCommand command) {
        try {
            return new String(command.standardOutput().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        running.forEach(RunningVnf::close);
        running.clear();
        names.forEach(Traces::requireNone);
        names.clear();
    }
}
