package io.vnfkit.unit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.testing.ParserProperties;
import io.vnfkit.unit.DeviceRule.Access;
import io.vnfkit.unit.DeviceRule.Type;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What all parsers of this package promise, with random and hostile input. */
@Timeout(120)
class ParserPropertiesTest {

    static Stream<ParserProperties<?, InvalidValueException>> parsers() {
        return Stream.of(
                parser("Bytes", Bytes::parse, Bytes::toString,
                        List.of("0", "4096", "64k", "512M", "1GiB", "3T", "7PiB", "9223372036854775807"),
                        random -> Bytes.of(sizedLong(random))),
                parser("PageSize", PageSize::parse, PageSize::toString,
                        List.of("2M", "1G", "64KiB", "8192", "32MiB"), ParserPropertiesTest::pageSize),
                parser("PageSize in sysfs", PageSize::fromSysfsName, PageSize::sysfsName,
                        List.of("hugepages-2048kB", "hugepages-1048576kB"), ParserPropertiesTest::pageSize),
                parser("CpuSet", CpuSet::parse, CpuSet::toString,
                        List.of("", "0", "0-3,8", "1,3,5-7", "8191", "0-8191"),
                        random -> CpuSet.of(indices(random, CpuSet.MAXIMUM))),
                parser("NodeSet", NodeSet::parse, NodeSet::toString,
                        List.of("", "0", "0-1", "0,1023"),
                        random -> NodeSet.of(indices(random, NodeSet.MAXIMUM))),
                parser("PciAddress", PciAddress::parse, PciAddress::toString,
                        List.of("0000:05:00.0", "05:00.0", "10000:e1:1f.7", "ffffffff:ff:1f.7"),
                        random -> new PciAddress(random.nextBoolean() ? random.nextInt(4) : random.nextLong(1L << 32),
                                random.nextInt(0x100), random.nextInt(0x20), random.nextInt(8))),
                parser("DeviceRule", DeviceRule::parse, DeviceRule::toString,
                        List.of("a", "a *:* rwm", "c 1:3 rwm", "b 8:* r", "c *:* m", "c 4095:1048575 w"),
                        ParserPropertiesTest::deviceRule));
    }

    private static <T> ParserProperties<T, InvalidValueException> parser(
            String name, Function<String, T> parse, Function<T, String> print, List<String> valid,
            Function<SplittableRandom, T> values) {
        return new ParserProperties<>(
                name, parse, print, InvalidValueException.class, InvalidValueException::position, valid, values);
    }

    @ParameterizedTest
    @MethodSource("parsers")
    void validTextsAreTaken(ParserProperties<?, ?> parser) {
        assertThatCode(parser::takesTheValidTexts).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("parsers")
    void hostileTextGivesAValueOrARefusalWithAPosition(ParserProperties<?, ?> parser) {
        assertThatCode(parser::givesAValueOrARefusalWithAPosition).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("parsers")
    void whatAValuePrintsIsReadBack(ParserProperties<?, ?> parser) {
        assertThatCode(parser::readsBackWhatItPrints).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("parsers")
    void noTextAtAllIsAProgrammingError(ParserProperties<?, ?> parser) {
        assertThatNullPointerException().isThrownBy(() -> parser.parser().apply(null)).withMessageContaining("text");
    }

    @Test
    void theHarnessNoticesAParserThatThrowsSomethingElse() {
        ParserProperties<Integer, InvalidValueException> careless =
                parser("careless", Integer::parseInt, i -> "" + i, List.of("1", "22"), random -> random.nextInt(100));

        assertThatCode(careless::readsBackWhatItPrints).doesNotThrowAnyException();
        assertThatThrownBy(careless::givesAValueOrARefusalWithAPosition)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("careless throws java.lang.NumberFormatException")
                .hasMessageContaining("-Dseed=");
    }

    @Test
    void theHarnessNoticesAParserThatTakesANumberForASize() {
        ParserProperties<Integer, InvalidValueException> greedy = parser("greedy", text -> {
            int size = (int) new Scanner("size", text).decimal(10_000_000);
            return new byte[size].length >= 0 ? 0 : 1;
        }, i -> "0", List.of("1000000"), random -> 0);

        assertThatThrownBy(greedy::givesAValueOrARefusalWithAPosition)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("allocates");
    }

    /** Numbers of all magnitudes, multiples of powers of two among them. */
    private static long sizedLong(SplittableRandom random) {
        long value = random.nextLong() >>> 1 + random.nextInt(63);
        return random.nextBoolean() ? value : value >>> 10 << 10;
    }

    private static PageSize pageSize(SplittableRandom random) {
        return new PageSize(1L << 13 + random.nextInt(50));
    }

    private static int[] indices(SplittableRandom random, int maximum) {
        int bound = random.nextBoolean() ? 16 : maximum + 1;
        return random.ints(random.nextInt(20), 0, bound).toArray();
    }

    private static DeviceRule deviceRule(SplittableRandom random) {
        if (random.nextInt(20) == 0) {
            return DeviceRule.everything();
        }
        Set<Access> access = EnumSet.of(Access.values()[random.nextInt(3)], Access.values()[random.nextInt(3)]);
        return new DeviceRule(random.nextBoolean() ? Type.BLOCK : Type.CHARACTER,
                number(random, 1 << 12), number(random, 1 << 20), access);
    }

    private static OptionalInt number(SplittableRandom random, int bound) {
        return random.nextInt(4) == 0 ? OptionalInt.empty() : OptionalInt.of(random.nextInt(bound));
    }
}
