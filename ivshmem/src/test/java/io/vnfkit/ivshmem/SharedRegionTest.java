package io.vnfkit.ivshmem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.CollectedContributions;
import io.vnfkit.Problem;
import io.vnfkit.Vnf;
import io.vnfkit.linux.Host;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.mount.VnfMount.Flag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedRegionTest {

    @TempDir
    private Path root;

    @BeforeEach
    void makeHost() throws Exception {
        Files.createDirectories(root.resolve("proc/self"));
        Files.writeString(root.resolve("proc/self/mountinfo"),
                "30 20 0:40 / /run/vnfkit/regions/packets rw,nosuid,nodev,noexec - hugetlbfs vnfkit rw,pagesize=2M,size=8M\n");
    }

    private CollectedContributions contributed(SharedRegion... regions) {
        Vnf.Builder vnf = Vnf.named("test").command("true");
        for (SharedRegion region : regions) {
            vnf.with(region);
        }
        return CollectedContributions.of(vnf.build(), Host.below(root));
    }

    @Test
    void theVnfGetsTheFileSystemOfTheRegionAndItsPath() {
        CollectedContributions contributed = contributed(SharedRegion.named("packets").readWrite());

        assertThat(contributed.problems()).isEmpty();
        assertThat(contributed.mounts()).containsExactly(new VnfMount.Bind(Path.of("/run/vnfkit/regions/packets"),
                Path.of("/run/regions/packets"), Set.of(Flag.NOSUID, Flag.NODEV, Flag.NOEXEC), false));
        assertThat(contributed.environment()).isEqualTo(Map.of("VNFKIT_REGION_PACKETS", "/run/regions/packets/region"));
        assertThat(contributed.devices()).isEmpty();
    }

    @Test
    void withoutAWordItIsReadOnly() {
        SharedRegion region = SharedRegion.named("packets").at("/data/packets");

        VnfMount.Bind mount = (VnfMount.Bind) contributed(region).mounts().get(0);

        assertThat(mount.flags()).contains(Flag.READ_ONLY);
        assertThat(mount.target()).isEqualTo(Path.of("/data/packets"));
        assertThat(region.file()).isEqualTo(Path.of("/data/packets/region"));
        assertThat(region).isEqualTo(SharedRegion.named("packets").at("/data/packets").readWrite().readOnly())
                .hasToString("region \"packets\" at /data/packets (read-only)");
    }

    @Test
    void aRegionThatIsNotThereIsAProblem() {
        assertThat(contributed(SharedRegion.named("none")).problems()).singleElement()
                .extracting(Problem::toString).asString()
                .contains("there is no region \"none\" on this host").contains("RegionStore.onThisHost().create");
    }

    @Test
    void twoRegionsAtOnePlaceAreAProblem() {
        assertThat(contributed(SharedRegion.named("packets").at("/x"), SharedRegion.named("packets").at("/x").readWrite())
                .problems()).hasSize(2).allSatisfy(problem -> assertThat(problem.what()).contains("2 regions", "/x"));
    }

    @Test
    void namesAndPlacesThatCannotBeAreRefused() {
        assertThatThrownBy(() -> SharedRegion.named("../x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SharedRegion.named("x").at("relative")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SharedRegion.named("x").at("/a/../b")).isInstanceOf(IllegalArgumentException.class);
    }
}
