package io.vnfkit.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.VnfkitException;
import io.vnfkit.cgroup.CgroupDescription;
import io.vnfkit.security.Capability;
import io.vnfkit.security.CapabilitySets;
import io.vnfkit.security.UserIdentity;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.MacAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records survive the way through their file, and half a record is never taken for a whole one. */
class RecordFileTest {

    @TempDir
    private Path directory;

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aRecordComesBackAsItWas(long seed) {
        VnfRecord record = record(new SplittableRandom(seed));
        new RecordFile(directory).write(record);
        assertThat(new RecordFile(directory).read()).contains(record);
    }

    @Test
    void aNewRecordReplacesTheOldOneWhole() throws IOException {
        RecordFile file = new RecordFile(directory);
        VnfRecord record = record(new SplittableRandom(1));
        file.write(record);
        VnfRecord running = record.running(new ProcessIdentity(5, 6), new ProcessIdentity(7, 8));
        file.write(running);
        assertThat(file.read()).contains(running);
        assertThat(Files.list(directory)).containsExactly(directory.resolve("record"));
        file.delete();
        assertThat(directory).isEmptyDirectory();
        assertThat(file.read()).isEmpty();
        file.delete();
    }

    @Test
    void deletingTakesAlsoWhatACrashWhileWritingHasLeft() throws IOException {
        Files.writeString(directory.resolve("record.new"), "process=");
        assertThat(new RecordFile(directory).read()).isEmpty();
        new RecordFile(directory).delete();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aRecordThatLacksAnythingIsDamaged() throws IOException {
        new RecordFile(directory).write(record(new SplittableRandom(2)));
        Path file = directory.resolve("record");
        List<String> lines = Files.readAllLines(file);
        for (int missing = 0; missing < lines.size(); missing++) {
            String line = lines.get(missing);
            if (line.startsWith("#") || line.startsWith("environment.") || line.startsWith("unified=")) {
                continue;
            }
            List<String> rest = new ArrayList<>(lines);
            rest.remove(missing);
            Files.write(file, rest);
            assertThatThrownBy(() -> new RecordFile(directory).read()).as(line).isInstanceOf(VnfkitException.class)
                    .hasMessageContaining(file.toString()).hasMessageContaining("damaged");
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void flippedBytesGiveARecordOrAClearErrorAndNothingElse(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        new RecordFile(directory).write(record(random));
        Path file = directory.resolve("record");
        byte[] bytes = Files.readAllBytes(file);
        for (int round = 0; round < 40; round++) {
            byte[] damaged = bytes.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Files.write(file, damaged);
            try {
                assertThat(new RecordFile(directory).read()).isPresent();
            } catch (VnfkitException refused) {
                assertThat(refused).hasMessageContaining(file.toString()).hasMessageContaining("damaged");
            }
        }
    }

    private static VnfRecord record(SplittableRandom random) {
        List<Path> cgroups = paths("/sys/fs/cgroup/", random);
        return new VnfRecord(process(random), random.nextBoolean(), process(random), process(random), cgroups,
                cgroups.stream().findFirst(), paths("/run/vnfkit/volumes/", random), peers(random),
                new RightsText(new UserIdentity(random.nextInt(99999), random.nextInt(99999), groups(random)),
                        capabilities(random), random.nextBoolean()),
                CgroupDescription.builder().cpus(CpuSet.of(random.nextInt(99))).build(),
                new TreeMap<>(Map.of("PATH", "/bin:/usr/bin", "ODD " + random.nextInt(), "=: #!\\\n\tü \"'" + random.nextInt())));
    }

    private static ProcessIdentity process(SplittableRandom random) {
        return new ProcessIdentity(random.nextInt(1 << 22), random.nextLong(Long.MAX_VALUE));
    }

    private static List<Path> paths(String parent, SplittableRandom random) {
        return random.ints(1 + random.nextInt(3), 0, 1000).mapToObj(each -> Path.of(parent + "a b=" + each)).toList();
    }

    private static List<VethPeer> peers(SplittableRandom random) {
        return random.longs(random.nextInt(3), 0, 1L << 48).mapToObj(each -> new VethPeer("peer" + each % 7, new MacAddress(each),
                random.nextBoolean() ? Optional.empty() : Optional.of(Path.of("/run/netns/a b" + each)))).toList();
    }

    private static List<Long> groups(SplittableRandom random) {
        return random.longs(random.nextInt(4), 0, 70000).distinct().boxed().toList();
    }

    private static CapabilitySets capabilities(SplittableRandom random) {
        Set<Capability> some = EnumSet.noneOf(Capability.class);
        for (Capability capability : Capability.values()) {
            if (random.nextBoolean()) {
                some.add(capability);
            }
        }
        return new CapabilitySets(some, some, some, EnumSet.allOf(Capability.class), random.nextBoolean() ? some : Set.of());
    }
}
