package io.vnfkit.examples.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.mount.VnfMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassPathInVnfTest {

    @TempDir
    Path directory;

    @Test
    void entriesKeepTheirOrderAndGetPathsThatTheHostDoesNotHide() throws IOException {
        Path classes = Files.createDirectories(directory.resolve("a/classes"));
        Path same = Files.createDirectories(directory.resolve("b/classes"));
        Path jar = Files.createFile(directory.resolve("x.jar"));

        ClassPathInVnf inside = ClassPathInVnf.of(classes + ":" + directory.resolve("missing.jar") + "::" + jar + ":" + same);

        assertThat(inside.value())
                .isEqualTo("/run/class-path/0-classes:/run/class-path/1-x.jar:/run/class-path/2-classes");
        assertThat(inside.mounts()).extracting(VnfMount::target).map(Path::toString)
                .containsExactly(inside.value().split(":"));
        assertThat(inside.mounts()).first()
                .isEqualTo(VnfMount.Bind.readOnly(classes, Path.of("/run/class-path/0-classes")));
    }
}
