package io.vnfkit.hugetlb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.linux.Host;
import io.vnfkit.testing.RequiresCgroup;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The budget against what a process really gets. */
@Tag("root")
@RequiresRoot
@RequiresCommand("python3")
@Timeout(120)
class HugepageBudgetIT {

    /** Maps and touches pages of a file: path, page size, pages. Exits with the errno of a refusal. */
    private static final String ALLOCATE = """
            import mmap, os, sys
            path, size, pages = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
            file = os.open(path, os.O_RDWR | os.O_CREAT)
            os.unlink(path)
            try:
                os.ftruncate(file, size * pages)
                memory = mmap.mmap(file, size * pages)
            except OSError as refusal:
                sys.exit(refusal.errno)
            for page in range(pages):
                memory[page * size] = 1
            """;
    private static final int ENOMEM = 12;
    private static final int SIGBUS = 128 + 7;

    private static ReservedPages pages;

    @TempDir
    private Path files;

    @TempDir
    private Path mountPoint;

    @BeforeAll
    static void reservePages() {
        pages = new ReservedPages(16);
    }

    @AfterAll
    static void releasePages() {
        pages.close();
    }

    private int allocate(Path group, long count) {
        String script = "if [ -n \"$1\" ]; then echo $$ > \"$1/cgroup.procs\" || exit 99; fi; shift; exec \"$@\"";
        List<String> command = List.of("sh", "-c", script, "sh", group == null ? "" : group.toString(),
                "python3", "-c", ALLOCATE, mountPoint + "/file", Long.toString(PageSize.MIB_2.bytes()),
                Long.toString(count));
        return Program.run(files, command).exitCode();
    }

    private HugepageBudget budget(HugetlbLimits limits) {
        return HugepageBudget.ofMount(Host.thisHost(), mountPoint, limits, NodeSet.of(pages.node()));
    }

    @Test
    void aProcessGetsTheSizeOfTheMountAndNoPageMore() {
        try (Mounted mounted = Mounted.with(mountPoint, "pagesize=2M,size=16M")) {
            HugepageBudget budget = budget(HugetlbLimits.NONE);
            assertThat(mounted.path()).isEqualTo(mountPoint);
            assertThat(budget).extracting(HugepageBudget::pages, HugepageBudget::boundBy)
                    .containsExactly(8L, Limit.MOUNT_SIZE);
            assertThat(allocate(null, budget.pages())).isZero();
            assertThat(allocate(null, budget.pages() + 1)).isEqualTo(ENOMEM);
        }
    }

    @Test
    void aProcessGetsTheReserveOfTheMountWhereNothingElseIsLeft(@TempDir Path others) {
        try (Mounted mounted = Mounted.with(mountPoint, "pagesize=2M,size=64M,min_size=8M");
                Mounted rest = Mounted.with(others, "pagesize=2M,min_size=" + unreserved() * PageSize.MIB_2.bytes())) {
            HugepageBudget budget = budget(HugetlbLimits.NONE);
            assertThat(mounted).isNotEqualTo(rest);
            assertThat(budget).extracting(HugepageBudget::pages, HugepageBudget::boundBy)
                    .containsExactly(4L, Limit.RESERVED_BY_OTHERS);
            assertThat(allocate(null, 4)).isZero();
            assertThat(allocate(null, 5)).isEqualTo(ENOMEM);
        }
    }

    private static long unreserved() {
        return HugepagePools.of(Host.thisHost()).pool(PageSize.MIB_2).unreserved();
    }

    @Test
    @RequiresCgroup(version = 2, controller = "hugetlb")
    void aProcessGetsTheLimitsOfItsControlGroupAndNoPageMore() {
        try (Mounted mounted = Mounted.with(mountPoint, "pagesize=2M,size=32M"); TestGroup group = TestGroup.make()) {
            assertThat(mounted.path()).isEqualTo(mountPoint);
            group.write("hugetlb.2MB.rsvd.max", Bytes.mebibytes(8));
            assertThat(budget(group.limits())).extracting(HugepageBudget::pages, HugepageBudget::boundBy)
                    .containsExactly(4L, Limit.CGROUP_RESERVATION);
            assertThat(allocate(group.directory(), 4)).isZero();
            assertThat(allocate(group.directory(), 5)).isEqualTo(ENOMEM);

            group.write("hugetlb.2MB.max", Bytes.mebibytes(4));
            assertThat(budget(group.limits())).extracting(HugepageBudget::pages, HugepageBudget::boundBy)
                    .containsExactly(2L, Limit.CGROUP_FAULT);
            assertThat(allocate(group.directory(), 2)).isZero();
            assertThat(allocate(group.directory(), 3)).isEqualTo(SIGBUS);
        }
    }
}
