package io.vnfkit.launch.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.OnJvmExit;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A JVM without root's rights is told so before anything is touched. */
@Tag("root")
@RequiresRoot
@RequiresCommand("setpriv")
@Timeout(120)
class UnprivilegedIT {

    private static final String NOBODY = "65534";

    @RegisterExtension
    private final OwnVnfs vnfs = new OwnVnfs();

    @TempDir
    private Path readable;

    @Test
    void preflightAndLaunchSayWhatIsMissing() throws Exception {
        String name = vnfs.name();
        List<String> said = asNobody(name);
        assertThat(said).anySatisfy(line -> assertThat(line).startsWith("preflight host: this JVM has no CAP_SYS_ADMIN")
                .endsWith("(run it as root)"));
        assertThat(said).anySatisfy(line -> assertThat(line)
                .startsWith("launch   - host: this JVM has no CAP_SYS_ADMIN"));
        assertThat(said).noneMatch(line -> line.startsWith("launch gave"));
        assertThat(Traces.of(name)).isEmpty();
    }

    @Test
    void aVnfOfRootIsOutOfReachRatherThanMissing() throws Exception {
        String name = vnfs.name();
        try (ChildJvm root = ChildJvm.start(LaunchingJvm.class, name, OnJvmExit.KILL.name(), "true", "sleep 300")) {
            assertThat(root.line()).startsWith("launched");
            assertThat(asNobody(name)).contains("names cannot list /run/vnfkit/vnfs: it is root's; run this JVM as root",
                    "find cannot read the record /run/vnfkit/vnfs/" + name + "/record: it is root's; run this JVM as root");
            root.say("close");
            assertThat(root.line()).isEqualTo("done close");
        }
    }

    private List<String> asNobody(String name) throws IOException {
        List<String> setpriv = List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--");
        try (ChildJvm jvm = ChildJvm.startBy(setpriv, readableClassPath(), UnprivilegedJvm.class, name)) {
            return jvm.lines();
        }
    }

    /** Copies: the repository and the local Maven repository may lie below root's home. */
    private List<Path> readableClassPath() throws IOException {
        Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<Path> copies = new ArrayList<>();
        for (Path entry : ChildJvm.classPath()) {
            Path copy = readable.resolve(copies.size() + "-" + entry.getFileName());
            copyTree(entry, copy);
            copies.add(copy);
        }
        return copies;
    }

    private static void copyTree(Path from, Path to) throws IOException {
        if (!Files.exists(from)) {
            return;
        }
        try (Stream<Path> files = Files.walk(from)) {
            files.forEach(file -> copy(file, to.resolve(from.relativize(file).toString())));
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to);
            Files.setPosixFilePermissions(to, PosixFilePermissions.fromString(Files.isDirectory(to) ? "rwxr-xr-x" : "rw-r--r--"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
