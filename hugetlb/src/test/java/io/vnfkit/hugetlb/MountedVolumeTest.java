package io.vnfkit.hugetlb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.unit.Bytes;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountedVolumeTest {

    @TempDir
    private Path root;

    private Optional<MountedVolume> on(String mounts, String path) {
        return MountedVolume.on(new FakeHugepages(root).file("proc/self/mounts", mounts).host().files(), Path.of(path));
    }

    @Test
    void findsTheMountAboveAPath() {
        String mounts = "none /mnt hugetlbfs rw,pagesize=2M 0 0\n"
                + "none /mnt/b hugetlbfs rw,pagesize=1024M,size=1073741824 0 0\n";
        assertThat(on(mounts, "/mnt/b/c")).hasValueSatisfying(volume -> {
            assertThat(volume.mountPoint()).isEqualTo(Path.of("/mnt/b"));
            assertThat(volume.toVolumeOptions().toMountData())
                    .isEqualTo("pagesize=1G,size=1073741824,uid=0,gid=0,mode=0755");
        });
        assertThat(on(mounts, "/mnt/bb").orElseThrow().mountPoint()).isEqualTo(Path.of("/mnt"));
    }

    @Test
    void aLaterMountCoversAnEarlierOne() {
        assertThat(on("a /mnt hugetlbfs rw,pagesize=2M 0 0\nb /mnt tmpfs rw 0 0\n", "/mnt")).isEmpty();
    }

    @Test
    void pathsAreUnescaped() {
        assertThat(on("a /mnt/a\\040b hugetlbfs rw,pagesize=2M,min_size=4194304 0 0\n", "/mnt/a b").orElseThrow()
                .amount("min_size")).contains(Bytes.mebibytes(4));
    }

    @Test
    void hostsWithoutProcHaveNoMounts() {
        assertThat(MountedVolume.at(new FakeHugepages(root).host().files(), Path.of("/mnt"))).isEmpty();
    }
}
