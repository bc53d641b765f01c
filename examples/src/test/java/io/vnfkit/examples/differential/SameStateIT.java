package io.vnfkit.examples.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.examples.benchmark.OciRuntime;
import io.vnfkit.examples.differential.DeliberateDifferences.Deliberate;
import io.vnfkit.testing.BusyboxRoot;
import io.vnfkit.testing.LaunchesVnfs;
import io.vnfkit.testing.LinksOfRoot;
import io.vnfkit.testing.RequiresCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same intent, given to vnfkit and to the OCI runtimes of the machine. */
@Tag("root")
@LaunchesVnfs
@RequiresCommand(value = "busybox", debianPackage = "busybox-static")
class SameStateIT {

    @TempDir
    private Path directory;

    private final Observer observer = new Observer();
    private Intent intent;

    @BeforeEach
    void makeRootFileSystem() throws IOException {
        Path configuration = Files.createDirectory(directory.resolve("configuration"));
        Files.writeString(configuration.resolve("vnf.conf"), "ports=2\n");
        Path root = BusyboxRoot.in(Files.createDirectory(directory.resolve("root")));
        Files.createSymbolicLink(root.resolve("bin/tr"), Path.of("busybox"));
        intent = new Intent(root, configuration, Probe.command());
    }

    @AfterEach
    void removeLinks() {
        LinksOfRoot.remove(directory);
    }

    @Test
    @RequiresCommand("crun")
    void crunEndsInTheSameStateButForTheListedDifferences() throws IOException {
        requireOnlyDeliberate("crun");
    }

    @Test
    @RequiresCommand("runc")
    void runcEndsInTheSameStateButForTheListedDifferences() throws IOException {
        requireOnlyDeliberate("runc");
    }

    /**
     * All differences are listed, and all that are listed are there: a list that is out of date would hide new ones.
     */
    private void requireOnlyDeliberate(String runtime) throws IOException {
        List<Difference> differences = differencesTo(runtime);
        List<Deliberate> deliberate = DeliberateDifferences.to(runtime);
        assertThat(differences).as("differences to %s", runtime)
                .allMatch(difference -> deliberate.stream().anyMatch(each -> each.explains(difference)));
        assertThat(deliberate).as("deliberate differences to %s", runtime)
                .allMatch(each -> differences.stream().anyMatch(each::explains));
    }

    private List<Difference> differencesTo(String name) throws IOException {
        Path bundle = Files.createDirectory(directory.resolve("bundle"));
        OciRuntime runtime = OciRuntime.find(name).orElseThrow();
        String id = "vnfkit-differential-" + ProcessHandle.current().pid();
        ObservedState theirs = observer.with(runtime, intent, bundle, id);
        ObservedState ours = observer.withVnfkit(intent);
        return Difference.between(ours, theirs);
    }
}
