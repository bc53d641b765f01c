package io.vnfkit.hugetlb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.CollectedContributions;
import io.vnfkit.Problem;
import io.vnfkit.Vnf;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HugetlbfsVolumeProblemsTest {

    private static final PageSize SIZE = PageSize.MIB_2;
    private static final HugetlbfsVolume VOLUME = HugetlbfsVolume.at("/dev/hugepages").size(Bytes.mebibytes(64));

    @TempDir
    private Path root;

    private FakeHugepages twoNodes() {
        return new FakeHugepages(root).pool(SIZE, 60, 60, 10, 0, 0).pool(PageSize.GIB_1, 0, 0, 0, 0, 0)
                .node(0, SIZE, 20, 20, 0).node(1, SIZE, 40, 40, 0).node(0, PageSize.GIB_1, 0, 0, 0);
    }

    private static Vnf.Builder vnf(HugetlbfsVolume... volumes) {
        Vnf.Builder vnf = Vnf.named("bng-1").command("dpdk-testpmd");
        for (HugetlbfsVolume volume : volumes) {
            vnf.with(volume);
        }
        return vnf;
    }

    private List<Problem> problems(Vnf.Builder vnf) {
        return problems(vnf, twoNodes());
    }

    private static List<Problem> problems(Vnf.Builder vnf, FakeHugepages fake) {
        return CollectedContributions.of(vnf.build(), fake.host()).problems();
    }

    private static void assertOnly(List<Problem> problems, String where, String... words) {
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).where()).isEqualTo(where);
        assertThat(problems.get(0).toString()).contains(words);
    }

    @Test
    void aSoundDescriptionHasNoProblems() {
        assertThat(problems(vnf(VOLUME.minSize(Bytes.mebibytes(64))))).isEmpty();
    }

    @Test
    void thePageSizeMustExist() {
        assertOnly(problems(vnf(VOLUME.pageSize(PageSize.MIB_32))),
                "HugetlbfsVolume.at(\"/dev/hugepages\").pageSize", "32MiB", "[2MiB, 1GiB]");
    }

    @Test
    void kernelsWithoutHugetlbAreNamed() {
        assertOnly(problems(vnf(VOLUME), new FakeHugepages(root)), "HugetlbfsVolume.at(\"/dev/hugepages\").pageSize",
                "no hugetlb");
    }

    @Test
    void theSizeMustBeAMultipleOfThePageSize() {
        assertOnly(problems(vnf(VOLUME.size(Bytes.mebibytes(5)))), "HugetlbfsVolume.at(\"/dev/hugepages\").size",
                "5MiB", "2MiB", "4MiB", "6MiB");
        assertOnly(problems(vnf(VOLUME.minSize(Bytes.of(1)))), "HugetlbfsVolume.at(\"/dev/hugepages\").minSize",
                "2MiB");
    }

    @Test
    void theReserveMustNotBeMoreThanTheSize() {
        assertOnly(problems(vnf(VOLUME.minSize(Bytes.mebibytes(66)))), "HugetlbfsVolume.at(\"/dev/hugepages\").minSize",
                "66MiB", "64MiB");
    }

    @Test
    void theGrantedNodesMustHaveThePages() {
        assertOnly(problems(vnf(VOLUME).cgroup(cg -> cg.memoryNodes(NodeSet.of(0)))), "HugetlbfsVolume.size",
                "promise 32 pages of 2MiB", "20 can be had on NUMA nodes 0", "node 0 has 20 free", "reserve 12 more");
    }

    @Test
    void pagesPromisedToOthersDoNotCount() {
        assertOnly(problems(vnf(VOLUME.size(Bytes.mebibytes(102)))), "HugetlbfsVolume.size", "50 can be had",
                "10 of the host's");
    }

    @Test
    void nodesThatDoNotExistHaveNoPages() {
        assertOnly(problems(vnf(VOLUME).cgroup(cg -> cg.memoryNodes(NodeSet.of(5)))), "HugetlbfsVolume.size",
                "there is no such node");
    }

    @Test
    void theReserveMustBeFreeForTheMountToSucceed() {
        HugetlbfsVolume volume = HugetlbfsVolume.at("/mnt").minSize(Bytes.mebibytes(200));
        assertOnly(problems(vnf(volume)), "HugetlbfsVolume.minSize", "ENOMEM", "reserves 100");
    }

    @Test
    void volumesOfOnePageSizeNeedTheirPagesTogether() {
        HugetlbfsVolume second = HugetlbfsVolume.at("/mnt").size(Bytes.mebibytes(64)).forEal(false);
        assertOnly(problems(vnf(VOLUME, second)), "HugetlbfsVolume.size", "promise 64 pages");
    }

    @Test
    void overcommittedPagesAreNamedAndNotCounted() {
        FakeHugepages fake = new FakeHugepages(root).pool(SIZE, 0, 0, 0, 0, 512);
        assertOnly(problems(vnf(VOLUME), fake), "HugetlbfsVolume.size", "up to 512, are not counted");
    }

    @Test
    void theControlGroupMustAllowTheSizesTogether() {
        HugetlbfsVolume second = HugetlbfsVolume.at("/mnt").size(Bytes.mebibytes(16)).forEal(false);
        Vnf.Builder vnf = vnf(VOLUME, second);
        assertThat(problems(vnf.cgroup(cg -> cg.hugetlb(SIZE, Bytes.mebibytes(80))))).isEmpty();
        assertOnly(problems(vnf.cgroup(cg -> cg.hugetlb(SIZE, Bytes.mebibytes(64)))), "cgroup.hugetlb", "64MiB",
                "80MiB");
    }

    @Test
    void theEalAllocatesOnOneVolumeOfAPageSize() {
        HugetlbfsVolume second = HugetlbfsVolume.at("/mnt").size(Bytes.mebibytes(16));
        assertOnly(problems(vnf(VOLUME, second)), "HugetlbfsVolume.at(\"/mnt\")", "forEal(false)");
        assertThat(problems(vnf(VOLUME, second).command("dpdk-testpmd", "--huge-dir=/mnt"))).isEmpty();
    }

    @Test
    void twoVolumesCannotHaveOnePlace() {
        assertThat(problems(vnf(VOLUME, VOLUME.mode(0755).forEal(false).size(Bytes.mebibytes(2)))))
                .extracting(Problem::what).containsExactly("another volume has the same place");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--in-memory", "--in-mem", "--in"})
    void inMemoryIsRefusedWithoutALimitOfTheControlGroup(String word) {
        assertOnly(problems(vnf(VOLUME).command("dpdk-testpmd", word, "--", "-i")), "HugetlbfsVolume.size",
                "--in-memory", "no hugetlb control group", "Bytes.parse(\"64M\")");
    }

    @Test
    void inMemoryIsCoveredByALimitThatHoldsTheSize() {
        Vnf.Builder vnf = vnf(VOLUME).command("dpdk-testpmd", "--in-memory");
        assertThat(problems(vnf.cgroup(cg -> cg.hugetlb(SIZE, Bytes.mebibytes(64))))).isEmpty();
        assertOnly(problems(vnf.cgroup(cg -> cg.hugetlb(SIZE, Bytes.mebibytes(66)))), "HugetlbfsVolume.size", "66MiB",
                "more than the sizes, 64MiB");
    }

    @Test
    void inMemoryTakesPagesOfEverySizeThatTheHostHas() {
        FakeHugepages fake = twoNodes().pool(PageSize.GIB_1, 2, 2, 0, 0, 0);
        Vnf.Builder vnf = vnf(VOLUME).command("dpdk-testpmd", "--in-memory")
                .cgroup(cg -> cg.hugetlb(SIZE, Bytes.mebibytes(64)));
        assertOnly(problems(vnf, fake), "HugetlbfsVolume.size", "pages of 1GiB",
                "PageSize.parse(\"1G\"), Bytes.parse(\"0\")");
        assertThat(problems(vnf.cgroup(cg -> cg.hugetlb(PageSize.GIB_1, Bytes.ZERO)), fake)).isEmpty();
    }

    @Test
    void inMemoryInTheProgramsOwnArgumentsIsNotTheEals() {
        assertThat(problems(vnf(VOLUME).command("program", "--", "--in-memory"))).isEmpty();
    }

    @Test
    void inMemoryWithoutAnySizePromisesNothing() {
        assertThat(problems(vnf(HugetlbfsVolume.at("/mnt")).command("dpdk-testpmd", "--in-memory"))).isEmpty();
    }

    @Test
    void noHugeMakesTheVolumePointless() {
        Vnf.Builder vnf = vnf(VOLUME).command("dpdk-testpmd", "--no-huge");
        assertOnly(problems(vnf), "HugetlbfsVolume.at(\"/dev/hugepages\")", "--no-huge");
        assertThat(CollectedContributions.of(vnf.build(), twoNodes().host()).ealOptions()).isEmpty();
        assertThat(problems(vnf(VOLUME.forEal(false)).command("dpdk-testpmd", "--no-huge"))).isEmpty();
    }

    @Test
    void theDirectoryInTheCommandMustBeOnAVolume() {
        assertOnly(problems(vnf(VOLUME).command("dpdk-testpmd", "--huge-d", "/mnt/huge")), "command",
                "--huge-dir /mnt/huge",
                "/dev/hugepages");
        assertThat(problems(vnf(VOLUME).command("dpdk-testpmd", "--huge-dir", "/dev/hugepages/sub"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--legacy-mem", "--huge-unlink", "--huge-unlink=always"})
    void singleFileSegmentsExcludeOptionsThatTheEalRefusesWithThem(String option) {
        assertOnly(problems(vnf(VOLUME.singleFileSegments(true)).command("dpdk-testpmd", option)),
                "HugetlbfsVolume.singleFileSegments", option.replace("=always", ""));
        assertThat(problems(vnf(VOLUME.singleFileSegments(true)).command("dpdk-testpmd", "--huge-unlink=never")))
                .isEmpty();
    }

    @Test
    void aSharedVolumeHasTheSameOptionsWhereverItIsNamed() {
        HugetlbfsVolume shared = HugetlbfsVolume.shared("packets").at("/a").size(Bytes.mebibytes(4));
        HugetlbfsVolume again = HugetlbfsVolume.shared("packets").at("/b").size(Bytes.mebibytes(4));
        assertThat(problems(vnf(shared, again))).isEmpty();
        assertOnly(problems(vnf(shared, again.mode(0777))), "HugetlbfsVolume.shared(\"packets\").at(\"/b\")",
                "mode=0777");
    }

    @Test
    void aSharedVolumeThatIsMountedHasTheSameOptions() {
        HugetlbfsVolume shared = HugetlbfsVolume.shared("packets").at("/a").size(Bytes.mebibytes(4));
        FakeHugepages fake = twoNodes().file("proc/self/mounts", "tmpfs /run tmpfs rw 0 0\n"
                + "none /run/vnfkit/volumes/packets hugetlbfs rw,relatime,mode=700,pagesize=2M,size=4194304 0 0\n");
        assertThat(problems(vnf(shared), fake)).isEmpty();
        assertOnly(problems(vnf(shared.size(Bytes.mebibytes(8)).uid(7)), fake),
                "HugetlbfsVolume.shared(\"packets\").at(\"/a\")", "size=4194304,uid=0", "size=8388608,uid=7");
    }

    @Test
    void pagesOfAMountedSharedVolumeNeedNotBeFree() {
        FakeHugepages fake = new FakeHugepages(root).pool(SIZE, 4, 0, 0, 0, 0).file("proc/self/mounts",
                "none /run/vnfkit/volumes/packets hugetlbfs rw,mode=700,pagesize=2M,size=4194304 0 0\n");
        HugetlbfsVolume shared = HugetlbfsVolume.shared("packets").at("/a").size(Bytes.mebibytes(4));
        assertThat(problems(vnf(shared), fake)).isEmpty();
        assertThat(problems(vnf(HugetlbfsVolume.shared("others").at("/a").size(Bytes.mebibytes(4))), fake)).hasSize(1);
    }

    @Test
    void allProblemsAreListedAtOnce() {
        HugetlbfsVolume volume = VOLUME.size(Bytes.mebibytes(1025)).minSize(Bytes.mebibytes(2048))
                .singleFileSegments(true);
        assertThat(problems(vnf(volume).command("dpdk-testpmd", "--legacy-mem", "--in-mem")
                .cgroup(cg -> cg.hugetlb(SIZE, Bytes.mebibytes(2))))).hasSize(5);
    }
}
