package io.vnfkit.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageSizeTest {

    @ParameterizedTest
    @CsvSource({
        "64K, hugepages-64kB, 64KB, 64KiB", "2M, hugepages-2048kB, 2MB, 2MiB", "32M, hugepages-32768kB, 32MB, 32MiB",
        "512M, hugepages-524288kB, 512MB, 512MiB", "1G, hugepages-1048576kB, 1GB, 1GiB",
        "16G, hugepages-16777216kB, 16GB, 16GiB"
    })
    void aSizeHasItsNamesInSysfsInTheControllerAndForPeople(String text, String sysfs, String cgroup, String people) {
        PageSize size = PageSize.parse(text);

        assertThat(size.sysfsName()).isEqualTo(sysfs);
        assertThat(PageSize.fromSysfsName(sysfs)).isEqualTo(size);
        assertThat(size.cgroupName()).isEqualTo(cgroup);
        assertThat(size).hasToString(people);
    }

    @Test
    void theConstantsAreWhatTheirNamesSay() {
        assertThat(PageSize.KIB_64).isEqualTo(PageSize.parse("64K"));
        assertThat(PageSize.MIB_2).isEqualTo(PageSize.parse("2M"));
        assertThat(PageSize.MIB_32).isEqualTo(PageSize.parse("32M"));
        assertThat(PageSize.MIB_512).isEqualTo(PageSize.parse("512M"));
        assertThat(PageSize.GIB_1).isEqualTo(PageSize.parse("1G"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "4096", "3M", "2049K", "9223372036854775807"})
    void whatIsNoPowerOfTwoOrTooSmallIsRefused(String text) {
        assertThatThrownBy(() -> PageSize.parse(text))
                .isInstanceOfSatisfying(InvalidValueException.class,
                        failure -> assertThat(failure.position()).isZero())
                .hasMessageContaining("huge page size")
                .hasMessageContaining("power of two");
    }

    @ParameterizedTest
    @CsvSource({
        "hugepages-2048, 14", "hugepages-2048KB, 14", "hugepages-2048kBx, 16", "hugepages-3kB, 10", "hugepages-4kB, 10",
        "hugepages--2048kB, 10", "hugepages-kB, 10", "Hugepages-2048kB, 0", "huge, 4", "'', 0", "hugepages-02048kB, 10",
        "hugepages-9007199254740992kB, 10"
    })
    void otherNamesInSysfsAreRefusedWithThePosition(String name, int position) {
        assertThatThrownBy(() -> PageSize.fromSysfsName(name))
                .isInstanceOfSatisfying(InvalidValueException.class,
                        failure -> assertThat(failure.position()).isEqualTo(position));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 4096, 8193, Long.MIN_VALUE, Long.MAX_VALUE})
    void aSizeThatIsNoHugePageCannotBeMade(long bytes) {
        assertThatIllegalArgumentException().isThrownBy(() -> new PageSize(bytes)).withMessageContaining("" + bytes);
    }

    @Test
    void pagesAreMemory() {
        assertThat(PageSize.MIB_2.times(3)).isEqualTo(Bytes.mebibytes(6));
        assertThat(PageSize.MIB_2.toBytes()).isEqualTo(Bytes.mebibytes(2));
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> PageSize.GIB_1.times(1L << 33));
        assertThat(PageSize.MIB_2).isLessThan(PageSize.GIB_1);
    }
}
