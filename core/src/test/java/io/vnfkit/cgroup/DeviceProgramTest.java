package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.unit.DevicePolicy;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.DeviceRule.Access;
import io.vnfkit.unit.DeviceRule.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeviceProgramTest {

    private static boolean allows(DevicePolicy policy, Type type, int major, int minor, Set<Access> access) {
        int kind = type == Type.BLOCK ? DeviceProgram.BLOCK : DeviceProgram.CHARACTER;
        long result = BpfMachine.run(DeviceProgram.of(policy), DeviceProgram.bits(access) << 16 | kind, major, minor);
        assertThat(result).isIn(0L, 1L);
        return result == 1;
    }

    /** All sets of access, the empty one included: an O_PATH-like open asks for nothing. */
    private static List<Set<Access>> allAccess() {
        List<Set<Access>> all = new ArrayList<>();
        for (int bits = 0; bits < 8; bits++) {
            Set<Access> access = EnumSet.noneOf(Access.class);
            for (Access kind : Access.values()) {
                if ((bits & 1 << kind.ordinal()) != 0) {
                    access.add(kind);
                }
            }
            all.add(access);
        }
        return all;
    }

    private static void assertDecidesAsThePolicy(DevicePolicy policy) {
        for (Type type : List.of(Type.BLOCK, Type.CHARACTER)) {
            for (int major = 0; major < 5; major++) {
                for (int minor = 0; minor < 5; minor++) {
                    for (Set<Access> access : allAccess()) {
                        assertThat(allows(policy, type, major, minor, access))
                                .as("%s: %s %d:%d %s", policy, type, major, minor, access)
                                .isEqualTo(policy.permits(type, major, minor, access));
                    }
                }
            }
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 150);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void programDecidesAsThePolicyDoes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<DeviceRule> rules = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            rules.add(new DeviceRule(random.nextBoolean() ? Type.BLOCK : Type.CHARACTER, number(random), number(random),
                    allAccess().get(random.nextInt(1, 8))));
        }
        assertDecidesAsThePolicy(new DevicePolicy(random.nextBoolean(), rules));
    }

    private static OptionalInt number(SplittableRandom random) {
        int number = random.nextInt(-1, 5);
        return number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
    }

    @Test
    void defaultsDecideAlone() {
        assertDecidesAsThePolicy(DevicePolicy.allowAll());
        assertDecidesAsThePolicy(DevicePolicy.denyAll());
    }

    @Test
    void largestNumbersAreCompared() {
        DevicePolicy policy = DevicePolicy.denyAll().allow(DeviceRule.character(4095, 1048575));

        assertThat(allows(policy, Type.CHARACTER, 4095, 1048575, EnumSet.allOf(Access.class))).isTrue();
        assertThat(allows(policy, Type.CHARACTER, 4095, 1048574, EnumSet.allOf(Access.class))).isFalse();
    }

    @Test
    void instructionsAreEncodedAsTheKernelReadsThem() {
        ByteBuffer bytes = DeviceProgram.encode(List.of(BpfInstruction.loadWord(4, 1, 4),
                BpfInstruction.jumpIfNot(2, 0x102).jumpingBy(7), BpfInstruction.set(0, -1), BpfInstruction.exit()));
        byte[] encoded = new byte[bytes.remaining()];
        bytes.get(encoded);

        assertThat(encoded).containsExactly(
                0x61, 0x14, 4, 0, 0, 0, 0, 0,
                0x55, 0x02, 7, 0, 2, 1, 0, 0,
                0xb7, 0x00, 0, 0, 0xff, 0xff, 0xff, 0xff,
                0x95, 0x00, 0, 0, 0, 0, 0, 0);
        assertThat(bytes.isDirect()).isTrue();
    }

    @Test
    void everyJumpEndsInsideTheProgram() {
        List<BpfInstruction> program = DeviceProgram.of(DevicePolicy.standard());

        for (int i = 0; i < program.size(); i++) {
            assertThat(i + 1 + program.get(i).offset() * (program.get(i).isJump() ? 1 : 0))
                    .isLessThanOrEqualTo(program.size());
        }
        assertThat(program).last().isEqualTo(BpfInstruction.exit());
    }
}
