package io.vnfkit.hugetlb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vnfkit.CollectedContributions;
import io.vnfkit.Vnf;
import io.vnfkit.launch.step.HostStep;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.mount.VnfMount.Flag;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HugetlbfsVolumeTest {

    private static final PageSize SIZE = PageSize.MIB_2;
    private static final Set<Flag> FLAGS = Set.of(Flag.NOSUID, Flag.NODEV, Flag.NOEXEC);
    private static final HugetlbfsVolume VOLUME = HugetlbfsVolume.at("/dev/hugepages").size(Bytes.mebibytes(64));

    @TempDir
    private Path root;

    private FakeHugepages twoNodes() {
        return new FakeHugepages(root).pool(SIZE, 300, 300, 0, 0, 0).pool(PageSize.GIB_1, 4, 4, 0, 0, 0)
                .node(0, SIZE, 200, 200, 0).node(1, SIZE, 100, 100, 0)
                .node(0, PageSize.GIB_1, 2, 2, 0).node(1, PageSize.GIB_1, 2, 2, 0);
    }

    private CollectedContributions contributed(Vnf.Builder vnf) {
        return CollectedContributions.of(vnf.build(), twoNodes().host());
    }

    private static Vnf.Builder vnf(HugetlbfsVolume... volumes) {
        Vnf.Builder vnf = Vnf.named("bng-1").command("dpdk-testpmd");
        for (HugetlbfsVolume volume : volumes) {
            vnf.with(volume);
        }
        return vnf;
    }

    @Test
    void isOneMountOfTheVnf() {
        CollectedContributions contributed = contributed(
                vnf(VOLUME.minSize(Bytes.mebibytes(32)).uid(1000).gid(100).mode(0750)));
        assertThat(contributed.mounts()).containsExactly(new VnfMount.Filesystem("hugetlbfs", "vnfkit",
                Path.of("/dev/hugepages"), FLAGS,
                "pagesize=2M,size=67108864,min_size=33554432,uid=1000,gid=100,mode=0750"));
        assertThat(contributed.hostSteps()).isEmpty();
        assertThat(contributed.problems()).isEmpty();
    }

    @Test
    void belongsToRootAloneByDefault() {
        assertThat(HugetlbfsVolume.at("/mnt").pageSize(PageSize.GIB_1)).hasToString(
                "hugetlbfs at /mnt (pagesize=1G,uid=0,gid=0,mode=0700)");
    }

    @Test
    void grantsItsSize() {
        assertThat(contributed(vnf(VOLUME)).grant().hugepages())
                .containsOnly(Map.entry(SIZE, Bytes.mebibytes(64)));
        assertThat(contributed(vnf(HugetlbfsVolume.at("/mnt"))).grant().hugepages()).isEmpty();
        assertThat(contributed(vnf(VOLUME.forEal(false))).grant().hugepages()).isEmpty();
    }

    @Test
    void aSharedVolumeIsMountedOnTheHostAndBoundIntoTheVnf() {
        HugetlbfsVolume shared = HugetlbfsVolume.shared("packets").at("/dev/hugepages-shared")
                .size(Bytes.mebibytes(16));
        CollectedContributions contributed = contributed(vnf(shared));
        Path source = Path.of("/run/vnfkit/volumes/packets");
        assertThat(contributed.hostSteps()).containsExactly(new HostStep.MountSharedVolume("hugetlbfs", source,
                "pagesize=2M,size=16777216,uid=0,gid=0,mode=0700"));
        assertThat(contributed.mounts()).containsExactly(
                new VnfMount.Bind(source, Path.of("/dev/hugepages-shared"), FLAGS, false));
        assertThat(contributed.ealOptions()).isEmpty();
        assertThat(contributed.grant().hugepages()).isEmpty();
    }

    @Test
    void theEalGetsItsPlaceAndWhatItCanHavePerNode() {
        assertThat(contributed(vnf(VOLUME)).ealWords()).containsExactly(
                "--huge-dir=/dev/hugepages", "--file-prefix=bng-1", "--socket-limit=65,65");
    }

    @Test
    void nodesThatAreNotGrantedGiveTheEalNothing() {
        CollectedContributions contributed = contributed(vnf(VOLUME).cgroup(cg -> cg.memoryNodes(NodeSet.of(1))));
        assertThat(contributed.ealWords()).contains("--socket-limit=1,65");
    }

    @Test
    void aNodeWithFewFreePagesLowersItsLimit() {
        CollectedContributions contributed = contributed(vnf(VOLUME.size(Bytes.mebibytes(300))));
        assertThat(contributed.ealWords()).contains("--socket-limit=301,201");
    }

    @Test
    void theControlGroupLowersTheLimit() {
        CollectedContributions contributed = contributed(
                vnf(HugetlbfsVolume.at("/mnt")).cgroup(cg -> cg.hugetlb(SIZE, Bytes.mebibytes(10))));
        assertThat(contributed.ealWords()).contains("--socket-limit=11,11");
    }

    @Test
    void preallocationDividesTheBudgetAmongTheNodes() {
        assertThat(contributed(vnf(VOLUME.preallocate(true))).ealWords())
                .contains("--socket-mem=32,32", "--socket-limit=65,65");
        CollectedContributions onNode1 = contributed(
                vnf(VOLUME.preallocate(true)).cgroup(cg -> cg.memoryNodes(NodeSet.of(1))));
        assertThat(onNode1.ealWords()).contains("--socket-mem=0,64");
    }

    @Test
    void legacyModeIsToldHowMuchToTakeSinceItHeedsNoLimit() {
        CollectedContributions contributed = contributed(vnf(VOLUME).command("dpdk-testpmd", "--legacy-mem"));
        assertThat(contributed.ealWords()).containsExactly("--huge-dir=/dev/hugepages", "--file-prefix=bng-1",
                "--socket-mem=32,32");
    }

    @Test
    void singleFileSegmentsAreMadeWhereWanted() {
        assertThat(contributed(vnf(VOLUME.singleFileSegments(true))).ealWords()).contains("--single-file-segments");
    }

    @Test
    void withoutAnyLimitTheEalIsNotLimitedEither() {
        assertThat(contributed(vnf(HugetlbfsVolume.at("/mnt"))).ealWords())
                .containsExactly("--huge-dir=/mnt", "--file-prefix=bng-1");
    }

    @Test
    void volumesOfTwoPageSizesAreFoundByTheEalItself() {
        HugetlbfsVolume large = HugetlbfsVolume.at("/dev/hugepages1G").pageSize(PageSize.GIB_1)
                .size(Bytes.gibibytes(1));
        CollectedContributions contributed = contributed(vnf(VOLUME, large));
        assertThat(contributed.problems()).isEmpty();
        assertThat(contributed.ealWords()).containsExactly("--file-prefix=bng-1", "--socket-limit=1089,1089");
    }

    @Test
    void theVolumeThatTheCommandNamesIsTheOneOfTheEal() {
        HugetlbfsVolume other = HugetlbfsVolume.at("/mnt/other").size(Bytes.mebibytes(16)).forEal(false);
        CollectedContributions contributed = contributed(vnf(VOLUME, other)
                .command("dpdk-testpmd", "--huge-dir", "/mnt/other/sub"));
        assertThat(contributed.problems()).isEmpty();
        assertThat(contributed.ealWords()).contains("--huge-dir=/mnt/other", "--socket-limit=17,17");
    }

    @Test
    void theLimitOfSmallPagesIsTheLeastThatAdmitsThemAll() {
        FakeHugepages fake = new FakeHugepages(root).pool(PageSize.KIB_64, 100, 100, 0, 0, 0)
                .node(0, PageSize.KIB_64, 100, 100, 0);
        Vnf vnf = vnf(VOLUME.pageSize(PageSize.KIB_64).size(Bytes.kibibytes(1600))).build();
        assertThat(CollectedContributions.of(vnf, fake.host()).ealWords()).contains("--socket-limit=2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev/hugepages", "", "/dev/../hugepages", "/dev/./x"})
    void refusesPlacesThatAreNotAbsolute(String target) {
        assertThatIllegalArgumentException().isThrownBy(() -> HugetlbfsVolume.at(target));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "-a", "a b", "\u00e4"})
    void refusesNamesThatAreNoFileNames(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> HugetlbfsVolume.shared(name));
    }

    @Test
    void refusesSizesAndModesThatTheKernelTakesForSomethingElse() {
        assertThatIllegalArgumentException().isThrownBy(() -> VOLUME.size(Bytes.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> VOLUME.mode(04755));
    }

    @Test
    void equalDescriptionsAreEqual() {
        assertThat(VOLUME).isEqualTo(HugetlbfsVolume.at("/dev/hugepages").size(Bytes.mebibytes(64)))
                .hasSameHashCodeAs(HugetlbfsVolume.at("/dev/hugepages").size(Bytes.mebibytes(64)))
                .isNotEqualTo(VOLUME.preallocate(true)).isNotEqualTo(VOLUME.mode(0755));
    }

    @Test
    void changingAVolumeLeavesTheOriginalAlone() {
        VOLUME.pageSize(PageSize.GIB_1).mode(0777);
        assertThat(VOLUME).hasToString("hugetlbfs at /dev/hugepages (pagesize=2M,size=67108864,uid=0,gid=0,mode=0700)");
    }
}
