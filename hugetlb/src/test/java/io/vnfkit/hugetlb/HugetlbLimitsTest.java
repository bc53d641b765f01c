package io.vnfkit.hugetlb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HugetlbLimitsTest {

    @TempDir
    private Path root;

    private HugetlbLimits read(FakeHugepages fake, String group) {
        return HugetlbLimits.ofCgroup(fake.host().files(), Path.of(group), PageSize.MIB_2);
    }

    @Test
    void version2SaysMaxWhereNothingIsLimited() {
        FakeHugepages fake = new FakeHugepages(root)
                .file("sys/fs/cgroup/a/hugetlb.2MB.max", "max\n").file("sys/fs/cgroup/a/hugetlb.2MB.current", "0\n")
                .file("sys/fs/cgroup/a/hugetlb.2MB.rsvd.max", "8388608\n")
                .file("sys/fs/cgroup/a/hugetlb.2MB.rsvd.current", "2097152\n");
        assertThat(read(fake, "/sys/fs/cgroup/a").fault()).isEmpty();
        assertThat(read(fake, "/sys/fs/cgroup/a").reservation()).contains(Bytes.mebibytes(6));
    }

    @Test
    void version1SaysALargeNumberWhereNothingIsLimited() {
        FakeHugepages fake = new FakeHugepages(root)
                .file("cg/hugetlb/a/hugetlb.2MB.limit_in_bytes", "4194304\n")
                .file("cg/hugetlb/a/hugetlb.2MB.usage_in_bytes", "4194304\n")
                .file("cg/hugetlb/a/hugetlb.2MB.rsvd.limit_in_bytes", "9223372036854771712\n")
                .file("cg/hugetlb/a/hugetlb.2MB.rsvd.usage_in_bytes", "0\n");
        assertThat(read(fake, "/cg/hugetlb/a").fault()).contains(Bytes.ZERO);
        assertThat(read(fake, "/cg/hugetlb/a").reservation()).isEmpty();
    }

    @Test
    void groupsAboveLimitAsWell() {
        FakeHugepages fake = new FakeHugepages(root)
                .file("cg/a/hugetlb.2MB.max", "8388608\n").file("cg/a/hugetlb.2MB.current", "6291456\n")
                .file("cg/a/b/hugetlb.2MB.max", "6291456\n").file("cg/a/b/hugetlb.2MB.current", "0\n");
        assertThat(read(fake, "/cg/a/b").fault()).contains(Bytes.mebibytes(2));
    }

    @Test
    void groupsWithoutTheControllerLimitNothing() {
        assertThat(read(new FakeHugepages(root), "/cg/a")).isEqualTo(HugetlbLimits.NONE);
    }

    @Test
    void nothingIsLeftWhereMoreIsUsedThanAllowed() {
        assertThat(HugetlbLimits.left(Bytes.mebibytes(2), Bytes.mebibytes(4))).isEqualTo(Bytes.ZERO);
    }
}
