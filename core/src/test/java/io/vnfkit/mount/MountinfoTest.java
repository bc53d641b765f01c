package io.vnfkit.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.linux.DeviceNumber;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.Mountinfo.Mount;
import io.vnfkit.unit.InvalidValueException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MountinfoTest {

    private static final String PLAIN = "34 31 0:31 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset";

    private static List<Path> visible(String... lines) {
        return Mountinfo.parse(List.of(lines)).visible().stream().map(Mount::mountPoint).toList();
    }

    private static List<Integer> visibleIds(String... lines) {
        return Mountinfo.parse(List.of(lines)).visible().stream().map(Mount::id).toList();
    }

    @Test
    void lineIsReadFieldByField() {
        assertThat(Mountinfo.parse(List.of(PLAIN)).mounts()).containsExactly(new Mount(
                34, 31, new DeviceNumber(0, 31), "/",
                Path.of("/sys/fs/cgroup/cpuset"), List.of("rw", "relatime"), List.of(), "cgroup", "cgroup",
                List.of("rw", "cpuset")));
    }

    @Test
    void optionalFieldsAreAnyNumber() {
        Mount mount = Mountinfo.parse(List.of(
                "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 shared:7 - ext3 /dev/root rw,errors=continue"))
                .mounts().get(0);

        assertThat(mount.propagation()).containsExactly("master:1", "shared:7");
        assertThat(mount.root()).isEqualTo("/mnt1");
        assertThat(mount.type()).isEqualTo("ext3");
    }

    @Test
    void octalEscapesAreUndone() {
        Mount mount = Mountinfo.parse(List.of(
                "36 35 0:9 /a\\040b /mnt\\011tab\\012line\\134back\\043hash rw - tmpfs so\\040urce rw"))
                .mounts().get(0);

        assertThat(mount.root()).isEqualTo("/a b");
        assertThat(mount.mountPoint()).isEqualTo(Path.of("/mnt\ttab\nline\\back#hash"));
        assertThat(mount.source()).isEqualTo("so urce");
    }

    @Test
    void backslashWithoutThreeOctalDigitsStaysAsItIs() {
        assertThat(Mountinfo.unescape("a\\04")).isEqualTo("a\\04");
        assertThat(Mountinfo.unescape("a\\088")).isEqualTo("a\\088");
    }

    @Test
    void sourceCanBeEmpty() {
        assertThat(Mountinfo.parse(List.of("36 35 0:9 / /mnt rw - tmpfs  rw")).mounts().get(0).source()).isEmpty();
    }

    @Test
    void readOnlyIsAMatterOfTheMountOrTheFileSystem() {
        List<Mount> mounts = Mountinfo.parse(List.of("1 0 0:9 / /a ro - tmpfs t rw", "2 0 0:9 / /b rw - tmpfs t ro",
                "3 0 0:9 / /c rw - tmpfs t rw")).mounts();

        assertThat(mounts).extracting(Mount::isReadOnly).containsExactly(true, true, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "36", "36 35 0:9 / /mnt rw", "36 35 0:9 / /mnt rw - tmpfs",
            "x 35 0:9 / /mnt rw - tmpfs t rw",
            "36 35 09 / /mnt rw - tmpfs t rw", "36 35 0:9 / /mnt rw shared:1 tmpfs t rw"})
    void malformedLineIsRefused(String line) {
        assertThatThrownBy(() -> Mountinfo.parse(List.of(line))).isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("mountinfo line");
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void damagedLineIsReadOrRefusedButNothingElse(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder line = new StringBuilder(PLAIN);
        for (int i = random.nextInt(1, 8); i > 0; i--) {
            line.setCharAt(random.nextInt(line.length()), (char) random.nextInt(0, 256));
        }
        Class<?> outcome;
        try {
            outcome = Mountinfo.parse(List.of(line.toString())).getClass();
        } catch (InvalidValueException refusal) {
            outcome = refusal.getClass();
        }
        assertThat(outcome).isIn(Mountinfo.class, InvalidValueException.class);
    }

    @Test
    void mountOnTopOfAnotherCoversIt() {
        assertThat(visibleIds("1 0 0:1 / / rw - ext4 a rw", "2 1 0:2 / /mnt rw - tmpfs a rw",
                "3 2 0:3 / /mnt rw - tmpfs b rw"))
                .containsExactly(1, 3);
    }

    @Test
    void mountHigherUpCoversWhatLiesBelow() {
        assertThat(visible("1 0 0:1 / / rw - ext4 a rw", "2 1 0:2 / /sys/fs/cgroup/cpuset rw - cgroup c rw,cpuset",
                "3 1 0:3 / /sys/fs/cgroup rw - tmpfs b rw"))
                .containsExactly(Path.of("/"), Path.of("/sys/fs/cgroup"));
    }

    @Test
    void mountOnTheCoveringOneIsVisible() {
        assertThat(visibleIds("1 0 0:1 / / rw - ext4 a rw", "2 1 0:2 / /sys rw - sysfs s rw",
                "3 2 0:3 / /sys rw - tmpfs t rw",
                "4 3 0:4 / /sys/fs rw - tmpfs u rw", "5 2 0:5 / /sys/fs rw - tmpfs v rw"))
                .containsExactly(1, 3, 4);
    }

    @Test
    void siblingWithACommonPrefixCoversNothing() {
        assertThat(visibleIds("1 0 0:1 / / rw - ext4 a rw", "2 1 0:2 / /a/b rw - tmpfs s rw",
                "3 1 0:3 / /a/bc rw - tmpfs t rw"))
                .containsExactly(1, 2, 3);
    }

    @Test
    void mountPointIsFoundByItsPath() {
        Mountinfo mounts = Mountinfo.parse(List.of(PLAIN));

        assertThat(mounts.at(Path.of("/sys/fs/cgroup/cpuset"))).map(Mount::id).contains(34);
        assertThat(mounts.at(Path.of("/sys/fs/cgroup"))).isEmpty();
    }

    @Test
    void fileThatHasChangedIsParsedAnew(@TempDir Path root) throws IOException {
        Path file = Files.createDirectories(root.resolve("proc/self")).resolve("mountinfo");
        KernelFiles files = KernelFiles.below(root);
        Files.writeString(file, PLAIN + "\n");
        Mountinfo first = Mountinfo.read(files);

        assertThat(Mountinfo.read(files)).isSameAs(first);
        Files.writeString(file, PLAIN.replace("34 ", "35 ") + "\n");
        assertThat(Mountinfo.read(files).mounts()).extracting(Mount::id).containsExactly(35);
        Files.writeString(file, PLAIN + "\n");
        assertThat(Mountinfo.read(files)).isEqualTo(first);
    }
}
