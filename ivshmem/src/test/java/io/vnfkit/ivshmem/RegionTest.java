package io.vnfkit.ivshmem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.manifest.ObjectType;
import io.vnfkit.ivshmem.manifest.RegionFullException;
import io.vnfkit.ivshmem.manifest.RegionObject;
import io.vnfkit.ivshmem.manifest.RegionObject.Geometry;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.linux.SharedMemoryCalls.Seal;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.unit.Bytes;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RegionTest {

    private static final Bytes SIZE = Bytes.mebibytes(1);

    // What /dev/shm is: the pages of a disk's file system are not counted as its block size.
    @TempDir
    private static Path disk;

    private static Path tmpfs(String name) {
        return Path.of("/dev/shm", "vnfkit-region-test-" + ProcessHandle.current().pid() + "-" + name);
    }

    @Test
    void whatOneProcessPutsThereAnotherFinds() {
        try (Region maker = TestRegions.make(SIZE); Region user = TestRegions.attach(maker)) {
            RegionObject zone = maker.createZone("counters", Bytes.of(8192), "maker");
            maker.window(zone).putLong(0, 42);

            RegionObject found = user.find("counters").orElseThrow();

            assertThat(found).isEqualTo(zone);
            assertThat(found.owner()).isEqualTo("maker");
            assertThat(found.offset() % 4096).isZero();
            assertThat(user.window(found).getLong(0)).isEqualTo(42);
            assertThat(user.header()).isEqualTo(maker.header());
            assertThat(user.address()).isNotEqualTo(maker.address());
        }
    }

    @Test
    void otherProcessesReachItThroughProc() throws Exception {
        Region region = TestRegions.make(SIZE);
        region.createZone("counters", Bytes.of(8192), "maker");
        Path file = region.file();

        try (Region user = Region.attach(file, Access.READ_WRITE)) {
            assertThat(user.find("counters")).isEqualTo(region.find("counters")).isPresent();
        }
        Process other = new ProcessBuilder("stat", "--dereference", "--format=%s", file.toString()).start();
        assertThat(other.inputReader().readLine()).isEqualTo(Long.toString(SIZE.value()));
        region.close();
        assertThatThrownBy(region::file).isInstanceOf(IllegalStateException.class).hasMessageContaining("detached");
    }

    @Test
    void theDirectoryGrowsWhileTheRegionIsInUse() {
        try (Region maker = TestRegions.make(SIZE); Region user = TestRegions.attach(maker)) {
            for (int i = 0; i < 50; i++) {
                (i % 2 == 0 ? maker : user).createZone("zone-" + i, Bytes.of(100), "");
            }

            List<RegionObject> objects = maker.objects();
            assertThat(objects).hasSize(50).isEqualTo(user.objects());
            for (int i = 1; i < 50; i++) {
                assertThat(objects.get(i).offset()).isGreaterThanOrEqualTo(objects.get(i - 1).end());
            }
        }
    }

    @Test
    void manyThreadsOfManyProcessesMakeObjectsAtOnce() throws Exception {
        try (Region maker = TestRegions.make(SIZE); Region user = TestRegions.attach(maker)) {
            List<Thread> threads = List.of(new Thread(() -> makeZones(maker, "a")), new Thread(() -> makeZones(maker, "b")),
                    new Thread(() -> makeZones(user, "c")), new Thread(() -> makeZones(user, "d")));
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(maker.objects()).hasSize(80);
            assertThat(maker.objects().stream().map(RegionObject::name).distinct()).hasSize(80);
            assertThat(maker.objects().stream().map(RegionObject::offset).distinct()).hasSize(80);
        }
    }

    private static void makeZones(Region region, String prefix) {
        for (int i = 0; i < 20; i++) {
            region.createZone(prefix + i, Bytes.of(64), prefix);
        }
    }

    @Test
    void namesAreUnique() {
        try (Region region = TestRegions.make(SIZE)) {
            region.createZone("twice", Bytes.of(1), "");

            assertThatThrownBy(() -> region.createZone("twice", Bytes.of(1), ""))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("twice");
        }
    }

    @Test
    void aFullRegionAndAFullDirectorySayHowMuchThereIs() {
        RegionDescription small = TestRegions.describe(Bytes.kibibytes(64)).directory(2);
        try (Region region = Region.createSealed(small, Access.READ_WRITE)) {
            assertThatThrownBy(() -> region.createZone("large", SIZE, "")).isInstanceOf(RegionFullException.class)
                    .hasMessageContaining("1048576");
            region.createZone("one", Bytes.of(1), "");
            region.createZone("two", Bytes.of(1), "");
            assertThatThrownBy(() -> region.createZone("three", Bytes.of(1), "")).isInstanceOf(RegionFullException.class)
                    .hasMessageContaining("directory");
            assertThat(region.objects()).hasSize(2);
        }
    }

    @Test
    void objectsOfTheWrongTypeOrNameAreRefused() {
        try (Region region = TestRegions.make(SIZE)) {
            region.createZone("zone", Bytes.of(1), "");

            assertThatThrownBy(() -> region.require("zone", ObjectType.RING)).hasMessageContaining("is a ZONE, not a RING");
            assertThatThrownBy(() -> region.require("none", ObjectType.RING)).hasMessageContaining("only [zone]");
        }
    }

    @Test
    void aSideIsHeldOnceAndGivenUpWithItsRegion() {
        try (Region maker = TestRegions.make(SIZE); Region user = TestRegions.attach(maker)) {
            RegionObject object = maker.createZone("zone", Bytes.of(1), "");
            Role producer = maker.take(object, Side.PRODUCER);

            assertThatThrownBy(() -> maker.take(object, Side.PRODUCER)).hasMessageContaining("has a PRODUCER already");
            assertThatThrownBy(() -> user.take(object, Side.PRODUCER)).hasMessageContaining("has a PRODUCER already");
            assertThat(user.isTaken(object, Side.PRODUCER)).isTrue();
            assertThat(maker.tryTake(object, Side.PRODUCER)).isEmpty();
            assertThat(user.tryTake(object, Side.PRODUCER)).isEmpty();
            assertThat(producer.isPeerPresent()).isFalse();
            try (Role consumer = user.take(object, Side.CONSUMER)) {
                assertThat(consumer.isPeerPresent()).isTrue();
                assertThat(producer.isPeerPresent()).isTrue();
            }
            assertThat(producer.isPeerPresent()).isFalse();
            producer.close();
            producer.close();
            assertThat(user.isTaken(object, Side.PRODUCER)).isFalse();
            Region third = TestRegions.attach(maker);
            third.take(object, Side.PRODUCER);
            third.close();
            user.take(object, Side.PRODUCER).close();
            maker.tryTake(object, Side.PRODUCER).orElseThrow().close();
            assertThat(user.isTaken(object, Side.PRODUCER)).isFalse();
        }
    }

    @Test
    void afterTheEndNothingTouchesWhatTheDescriptorBecame() {
        Region region = TestRegions.make(SIZE);
        RegionObject object = region.createZone("zone", Bytes.of(1), "");
        Role role = region.take(object, Side.PRODUCER);
        region.close();
        region.close();

        role.close();

        assertThat(region.state()).isEqualTo(RegionState.DETACHED);
        assertThatThrownBy(role::isPeerPresent).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> region.window(object)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aReaderCannotWriteAndTakesNoSide() {
        try (Region writer = Region.createSealed(TestRegions.describe(SIZE), Access.READ_ONLY);
                Region reader = Region.attach(writer.descriptor(), Access.READ_ONLY)) {
            RegionObject zone = writer.createZone("zone", Bytes.of(8), "");
            writer.window(zone).putInt(0, 7);

            assertThat(writer.seals()).contains(Seal.FUTURE_WRITE, Seal.SEAL, Seal.SHRINK, Seal.GROW);
            assertThat(reader.window(zone).getInt(0)).isEqualTo(7);
            assertThat(reader.window(zone).isReadOnly()).isTrue();
            assertThatThrownBy(() -> reader.take(zone, Side.CONSUMER)).hasMessageContaining("for reading alone");
            assertThatThrownBy(() -> reader.createZone("other", Bytes.of(8), "")).hasMessageContaining("reading alone");
            assertThatThrownBy(() -> Region.attach(writer.descriptor(), Access.READ_WRITE))
                    .isInstanceOf(SystemCallException.class).hasMessageContaining("EPERM");
        }
    }

    @Test
    void peersAreToldWhenARegionIsGivenUp() throws Exception {
        Path file = tmpfs("retired");
        try (Region maker = Region.create(file, TestRegions.describe(SIZE)); Region user = Region.attach(file, Access.READ_WRITE)) {
            assertThat(user.state()).isEqualTo(RegionState.USABLE);
            assertThat(user.isAttachedElsewhere()).isTrue();

            Region.destroy(file);

            assertThat(user.state()).isEqualTo(RegionState.RETIRED);
            assertThat(file).doesNotExist();
            user.createZone("still", Bytes.of(8), "");
            maker.close();
            assertThat(user.isAttachedElsewhere()).isFalse();
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Test
    void aShorterFileIsSeen() throws Exception {
        Path file = tmpfs("shorter");
        try (Region region = Region.create(file, TestRegions.describe(SIZE))) {
            try (RandomAccessFile other = new RandomAccessFile(file.toFile(), "rw")) {
                other.setLength(8192);
            }

            assertThat(region.state()).isEqualTo(RegionState.TRUNCATED);
            assertThatThrownBy(() -> Region.attach(file, Access.READ_ONLY)).isInstanceOf(DamagedRegionException.class)
                    .hasMessageContaining("8192").hasMessageContaining("1048576");
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Test
    void aFailedCreationLeavesNoFile() {
        Path file = tmpfs("failed");

        assertThatThrownBy(() -> Region.create(file, RegionDescription.of("test", Bytes.mebibytes(2))))
                .isInstanceOf(RegionException.class).hasMessageContaining("pages of 2MiB").hasMessageContaining("4096");
        assertThat(file).doesNotExist();
    }

    @Test
    void anExistingFileIsNotOverwritten() throws Exception {
        Path file = tmpfs("exists");
        Files.writeString(file, "mine");
        try {
            assertThatThrownBy(() -> Region.create(file, TestRegions.describe(SIZE))).hasMessageContaining("EEXIST");
            assertThat(file).hasContent("mine");
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void whatIsNoRegionIsSaidToBeNone() throws Exception {
        Path empty = Files.createFile(disk.resolve("empty"));
        Path zeros = Files.write(disk.resolve("zeros"), new byte[8192]);
        byte[] noise = new byte[8192];
        new Random(7).nextBytes(noise);
        Path random = Files.write(disk.resolve("random"), noise);

        assertThatThrownBy(() -> Region.attach(empty, Access.READ_ONLY)).hasMessageContaining("0 bytes long");
        assertThatThrownBy(() -> Region.attach(zeros, Access.READ_ONLY)).hasMessageContaining("not ready");
        assertThatThrownBy(() -> Region.attach(random, Access.READ_ONLY)).hasMessageContaining("no region");
        assertThatThrownBy(() -> Region.attach(disk, Access.READ_ONLY)).hasMessageContaining("not a regular file");
        assertThatThrownBy(() -> Region.attach(disk.resolve("none"), Access.READ_ONLY)).hasMessageContaining("ENOENT");
    }

    @Test
    void aDamagedManifestIsAnExceptionWhateverTheDamage() {
        Random random = new Random(20261127);
        for (int round = 0; round < 300; round++) {
            try (Region region = TestRegions.make(SIZE)) {
                region.createZone("zone", Bytes.of(100), "owner");
                ByteBuffer manifest = region.window(0, (int) region.header().firstObject());
                for (int i = 0; i <= random.nextInt(3); i++) {
                    int at = random.nextBoolean() ? random.nextInt(160) : 4096 + random.nextInt(256);
                    manifest.put(at, (byte) random.nextInt(256));
                }

                readAll(region);
            }
        }
    }

    private static void readAll(Region region) {
        try (Region user = TestRegions.attach(region)) {
            for (RegionObject object : user.objects()) {
                assertThat(user.window(object, 0, 1).get(0)).isZero();
            }
            user.createZone("another", Bytes.of(10), "");
            assertThat(user.dump().toString()).contains("another");
        } catch (DamagedRegionException | RegionFullException said) {
            assertThat(said.getMessage()).isNotBlank();
        }
    }

    @Test
    void regionsForVirtualMachinesHaveAPowerOfTwo() {
        RegionDescription odd = TestRegions.describe(Bytes.kibibytes(96)).forVirtualMachines();

        assertThatThrownBy(() -> Region.createSealed(odd, Access.READ_WRITE)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("power of two");
        Region.createSealed(TestRegions.describe(Bytes.kibibytes(128)).forVirtualMachines(), Access.READ_WRITE).close();
    }

    @Test
    void namesThatAreNoFileNamesAreRefused() {
        for (String name : List.of("", "a/b", "..", "-x", "x".repeat(64), "ü")) {
            assertThatThrownBy(() -> RegionDescription.of(name, SIZE)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theDumpShowsWhatIsThere() {
        try (Region region = TestRegions.make(SIZE)) {
            RegionObject ring = region.create("ring", ObjectType.RING, 1000, 128, new Geometry(8, 64, 0), "me", placed -> {});
            region.take(ring, Side.PRODUCER);

            assertThat(region.dump().toString())
                    .contains("region \"test\"").contains("1MiB").contains("RING").contains("by me")
                    .contains("has a producer, no consumer").contains("1 of 256 objects");
        }
    }
}
