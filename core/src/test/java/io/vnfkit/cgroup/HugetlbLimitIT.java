package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.PageSize;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("root")
@RequiresRoot
@RequiresCommand(value = "cc", debianPackage = "gcc")
class HugetlbLimitIT {

    private static final int SIGBUS = 128 + 7;
    private static final int OUT_OF_MEMORY = 12;

    private RealGroups groups;
    private HugePages pages;
    private String program;

    @BeforeEach
    void open() throws Exception {
        groups = RealGroups.onThisHost().require("hugetlb");
        program = HugePages.program().toString();
        pages = new HugePages(6);
    }

    @AfterEach
    void close() {
        groups.close();
        pages.close();
    }

    private Cgroup create(HugetlbLimit limit) {
        return groups.create("hugetlb", RealGroups.description().hugetlb(PageSize.MIB_2, limit).build());
    }

    private static HugetlbStatistics statistics(Cgroup group) {
        return group.statistics().hugetlb().get(PageSize.MIB_2);
    }

    @Test
    void mappingPastTheReservationLimitFailsWithEnomem() {
        Cgroup group = create(HugetlbLimit.of(Bytes.mebibytes(4)));

        assertThat(groups.run(program, "2", "2").exitCode()).isZero();
        assertThat(groups.run(program, "3", "0").exitCode()).isEqualTo(OUT_OF_MEMORY);
        assertThat(statistics(group).failures()).isEqualTo(1);
    }

    @Test
    void reservationLimitHoldsAtTheTouchForMappingsWithoutReservation() {
        Cgroup group = create(HugetlbLimit.onReservation(Bytes.mebibytes(4)));

        assertThat(groups.run(program, "3", "2", "noreserve").exitCode()).isZero();
        assertThat(groups.run(program, "3", "3", "noreserve").exitCode()).isEqualTo(SIGBUS);
        assertThat(statistics(group).failures()).isEqualTo(1);
    }

    @Test
    void touchingPastTheFaultLimitIsSigbus() {
        Cgroup group = create(HugetlbLimit.onFault(Bytes.mebibytes(2)));

        assertThat(groups.run(program, "3", "1").exitCode()).isZero();
        assertThat(groups.run(program, "3", "2").exitCode()).isEqualTo(SIGBUS);
        assertThat(statistics(group).failures()).isEqualTo(1);
        assertThat(statistics(group).fault().limit()).contains(Bytes.mebibytes(2));
        assertThat(statistics(group).reservation().limit()).isEmpty();
    }

    @Test
    void statisticsShowWhatIsMappedAndWhatIsTouched() {
        Cgroup group = create(HugetlbLimit.of(Bytes.mebibytes(8)));

        groups.startAndAwait("ready", program, "3", "2", "hold");

        assertThat(statistics(group).fault().usage()).isEqualTo(Bytes.mebibytes(4));
        assertThat(statistics(group).reservation().usage()).isEqualTo(Bytes.mebibytes(6));
        assertThat(statistics(group).failures()).isZero();
        group.kill();
        assertThat(group.awaitEmpty(Duration.ofSeconds(5))).isTrue();
        assertThat(statistics(group).fault().usage()).isEqualTo(Bytes.of(0));
    }

    @Test
    void limitCanBeRaisedWhileTheProcessRuns() {
        Cgroup group = create(HugetlbLimit.of(Bytes.mebibytes(2)));
        groups.startAndAwait("ready", program, "1", "1", "hold");
        assertThat(groups.run(program, "1", "1").exitCode()).isEqualTo(OUT_OF_MEMORY);

        group.update(RealGroups.description().hugetlb(PageSize.MIB_2, Bytes.mebibytes(4)).build());
        assertThat(groups.run(program, "1", "1").exitCode()).isZero();

        group.update(RealGroups.description().build());
        assertThat(statistics(group).fault().limit()).isEmpty();
        assertThat(statistics(group).reservation().limit()).isEmpty();
        assertThat(groups.run(program, "3", "3").exitCode()).isZero();
    }
}
