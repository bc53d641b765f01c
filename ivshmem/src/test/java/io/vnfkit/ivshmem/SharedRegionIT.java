package io.vnfkit.ivshmem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.InvalidVnfException;
import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.hugetlb.HugepagePools;
import io.vnfkit.hugetlb.Reservation;
import io.vnfkit.ivshmem.manifest.RegionObject;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.SharedMemoryCalls;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.testing.InsideVnf;
import io.vnfkit.testing.InsideVnf.Seen;
import io.vnfkit.testing.LaunchesVnfs;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@LaunchesVnfs
@RequiresCommand(value = "python3", debianPackage = "python3")
class SharedRegionIT {

    private static final String NAME = "it-" + ProcessHandle.current().pid();
    private static final String OTHER = NAME + "-other";
    private static final String FILE = "/run/regions/" + NAME + "/region";
    private static final long ZONE_AT = 64 << 10;

    private static final HugepagePools POOLS = HugepagePools.of(Host.thisHost());
    private static Reservation reserved;

    private final RegionStore store = RegionStore.onThisHost();

    @BeforeAll
    static void reservePages() {
        reserved = POOLS.reserve(PageSize.MIB_2, 0, 12);
        reserved.orThrow();
    }

    @AfterAll
    static void releasePages() {
        POOLS.release(PageSize.MIB_2, 0, reserved.change());
    }

    @AfterEach
    void destroyRegions() {
        store.names().stream().filter(name -> name.startsWith(NAME)).forEach(store::destroy);
    }

    private static long free() {
        return POOLS.pool(PageSize.MIB_2).free();
    }

    private static RegionDescription described(String name) {
        return RegionDescription.of(name, Bytes.mebibytes(8)).nodes(NodeSet.of(0));
    }

    private static Vnf.Builder vnf() {
        return InsideVnf.vnf();
    }

    private static String python(String... lines) {
        return "python3 - <<'END'\nimport mmap, os\n" + String.join("\n", lines) + "\nEND";
    }

    @Test
    void twoVnfsShareARegion() {
        try (Region region = store.create(described(NAME))) {
            RegionObject zone = region.createZone("zone", Bytes.kibibytes(4), "it");
            assertThat(zone.offset()).isLessThan(ZONE_AT);
            Seen writer = InsideVnf.run(vnf().with(SharedRegion.named(NAME).readWrite()), python(
                    "f = os.open(os.environ['VNFKIT_REGION_" + NAME.toUpperCase(Locale.ROOT).replace('-', '_') + "'], os.O_RDWR)",
                    "m = mmap.mmap(f, 8 << 20)",
                    "m[" + ZONE_AT + ":" + (ZONE_AT + 5) + "] = b'hello'"));
            assertThat(writer).isEqualTo(new Seen(0, ""));

            Seen reader = InsideVnf.run(vnf().with(SharedRegion.named(NAME).at("/tmp/packets")), python(
                    "f = os.open('/tmp/packets/region', os.O_RDONLY)",
                    "m = mmap.mmap(f, 8 << 20, prot=mmap.PROT_READ)",
                    "print(m[" + ZONE_AT + ":" + (ZONE_AT + 5) + "])"));

            assertThat(reader.output()).isEqualTo("b'hello'\n");
            byte[] seen = new byte[5];
            region.window(ZONE_AT, 5).get(0, seen);
            assertThat(seen).isEqualTo("hello".getBytes());
        }
    }

    @Test
    void aReaderCannotWrite() {
        store.create(described(NAME)).close();

        Seen seen = InsideVnf.run(vnf().with(SharedRegion.named(NAME)), python(
                "try: os.open('" + FILE + "', os.O_RDWR)",
                "except OSError as e: print(e.strerror)",
                "try: mmap.mmap(os.open('" + FILE + "', os.O_RDONLY), 8 << 20)",
                "except OSError as e: print(e.strerror)",
                "try: os.unlink('" + FILE + "')",
                "except OSError as e: print(e.strerror)"));

        assertThat(seen.output()).isEqualTo("Read-only file system\nPermission denied\nRead-only file system\n");
    }

    @Test
    void aVnfSeesItsRegionAndNothingElse() {
        store.create(described(NAME).owner(0, 0)).close();
        store.create(RegionDescription.of(OTHER, Bytes.mebibytes(2))).close();

        Seen seen = InsideVnf.run(vnf().with(SharedRegion.named(NAME).readWrite()),
                "ls /run/regions /run/regions/" + NAME,
                "ls /run/vnfkit 2>&1 | grep -c region",
                python("f = os.open('/run/regions/" + NAME + "/more', os.O_RDWR | os.O_CREAT)",
                        "os.ftruncate(f, 2 << 20)",
                        "try: mmap.mmap(f, 2 << 20)",
                        "except OSError as e: print(e.strerror)",
                        "os.unlink('/run/regions/" + NAME + "/more')"));

        assertThat(seen.lines()).contains("region", "0", "Cannot allocate memory").noneMatch(line -> line.contains("other"));
    }

    @Test
    void itsPagesCountAgainstNoLimitOfTheVnf() {
        store.create(described(NAME)).close();
        Vnf.Builder vnf = vnf().cgroup(cg -> cg.hugetlb(PageSize.MIB_2, Bytes.mebibytes(2)))
                .with(SharedRegion.named(NAME).readWrite());

        Seen seen = InsideVnf.run(vnf, python(
                "m = mmap.mmap(os.open('" + FILE + "', os.O_RDWR), 8 << 20)",
                "print(sum(m[i] for i in range(4096, 8 << 20, 4096)))",
                "MAP_HUGETLB = 0x40000",
                "flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_HUGETLB",
                "try: mmap.mmap(-1, 4 << 20, flags=flags); print('more than its limit')",
                "except OSError as e: print(e.strerror)"));

        assertThat(seen.output()).isEqualTo("0\nCannot allocate memory\n");
    }

    @Test
    void aRegionThatIsGivenUpStaysWithThoseWhoHaveIt() {
        long before = free();
        Region region = store.create(described(NAME));
        assertThat(free()).isEqualTo(before - 4);
        try (RunningVnf running = InsideVnf.hold(vnf().with(SharedRegion.named(NAME).readWrite()),
                "exec 3<" + FILE)) {
            store.destroy(NAME);
            region.close();

            assertThat(store.names()).doesNotContain(NAME);
            assertThat(RegionStore.DIRECTORY.resolve(NAME)).doesNotExist();
            assertThat(free()).isEqualTo(before - 4);
            assertThat(running.onExit()).isNotDone();
            assertThatThrownBy(() -> VnfLauncher.onThisHost().plan(
                    vnf().with(SharedRegion.named(NAME)).command("true").build()))
                    .isInstanceOf(InvalidVnfException.class).hasMessageContaining(NAME);
        }
        assertThat(free()).isEqualTo(before);
    }

    @Test
    void whatThereAreNotEnoughPagesForLeavesNothing() {
        long before = free();
        Bytes tooMuch = Bytes.mebibytes(2 * (before + 1));

        assertThatThrownBy(() -> store.create(RegionDescription.of(NAME, tooMuch)))
                .isInstanceOf(SystemCallException.class).hasMessageContaining("ENOMEM").hasMessageContaining("hugepages");

        assertThat(store.names()).doesNotContain(NAME);
        assertThat(Files.exists(RegionStore.DIRECTORY.resolve(NAME))).isFalse();
        assertThat(free()).isEqualTo(before);
    }

    @Test
    void namesAreTakenOnce() {
        store.create(described(NAME)).close();

        assertThatThrownBy(() -> store.create(described(NAME))).isInstanceOf(RegionException.class)
                .hasMessageContaining("destroy it first");
        assertThatThrownBy(() -> store.destroy(OTHER)).isInstanceOf(RegionException.class).hasMessageContaining(NAME);
        store.attach(NAME, Access.READ_ONLY).close();
    }

    @Test
    void anotherUsersVnfNeedsThePermissionsOfTheFile() {
        store.create(described(NAME).owner(1000, 1000)).close();
        store.create(RegionDescription.of(OTHER, Bytes.mebibytes(2))).close();
        String open = "try: os.open('/run/regions/%s/region', os.O_RDWR); print('open')";

        Seen seen = InsideVnf.run(vnf().security(security -> security.user(1000, 1000))
                .with(SharedRegion.named(NAME).readWrite()).with(SharedRegion.named(OTHER).readWrite()), python(
                String.format(open, NAME), "except OSError as e: print(e.strerror)",
                String.format(open, OTHER), "except OSError as e: print(e.strerror)"));

        assertThat(seen.output()).isEqualTo("open\nPermission denied\n");
    }

    @Test
    void theNodeOfItsPagesIsTheOneAskedFor() {
        try (Region region = store.create(described(NAME))) {
            assertThat(SharedMemoryCalls.host().nodeOf(region.address())).isZero();
            assertThat(Path.of("/run/vnfkit/regions").resolve(NAME).resolve("region")).isEqualTo(store.file(NAME)).exists();
        }
    }
}
