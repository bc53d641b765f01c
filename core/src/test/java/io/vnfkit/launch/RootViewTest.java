package io.vnfkit.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.launch.RootView.At;
import io.vnfkit.launch.RootView.EmptyTmpfs;
import io.vnfkit.launch.RootView.LeadsOutside;
import io.vnfkit.launch.RootView.Loops;
import io.vnfkit.launch.RootView.NewDirectory;
import io.vnfkit.launch.RootView.NewFilesystem;
import io.vnfkit.launch.RootView.Nothing;
import io.vnfkit.launch.RootView.OfHost;
import io.vnfkit.launch.RootView.Unknown;
import io.vnfkit.mount.RootFilesystem;
import io.vnfkit.testing.HostTree;
import io.vnfkit.testing.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RootViewTest {

    @TempDir
    private Path directory;

    @AutoClose
    private HostTree host;
    private RootView image;

    @BeforeEach
    void makeImage() {
        host = HostTree.in(directory).directory("/image/usr/bin").program("/image/usr/bin/sh")
                .link("/image/bin", "usr/bin")
                .file("/image/etc/passwd", "").directory("/image/var").directory("/image/run")
                .link("/image/var/run", "/run")
                .file("/etc/shadow", "").directory("/image/opt");
        image = RootView.of(host.files(), RootFilesystem.directory(Path.of("/image")));
    }

    private At at(String path, boolean isDirectory) {
        return new At(Path.of(path), host.at("/image" + (path.equals("/") ? "" : path)), isDirectory, false);
    }

    @Test
    void filesAndDirectoriesAreFoundBelowTheRoot() {
        assertThat(image.find(Path.of("/etc/passwd"))).isEqualTo(at("/etc/passwd", false));
        assertThat(image.find(Path.of("/etc"))).isEqualTo(at("/etc", true));
        assertThat(image.isDirectory(Path.of("/"))).isTrue();
        assertThat(image.find(Path.of("/etc/shadow"))).isEqualTo(new Nothing(Path.of("/etc/shadow"), Optional.empty()));
        assertThat(image.find(Path.of("/none/x/y"))).isEqualTo(new Nothing(Path.of("/none/x/y"), Optional.empty()));
        assertThat(image.find(Path.of("/etc/passwd/x"))).isInstanceOf(Nothing.class);
    }

    @ParameterizedTest
    @CsvSource({"/link,etc/passwd", "/link,/etc/passwd", "/opt/link,../etc/passwd", "/link,./etc/./passwd",
            "/opt/link,/opt/../etc/passwd",
        "/usr/bin/link,../../etc/passwd", "/link,etc/../etc/passwd"})
    void linksAreFollowedFromTheVnfsRoot(String link, String target) {
        host.link("/image" + link, target);

        assertThat(image.find(Path.of(link))).isEqualTo(at("/etc/passwd", false));
    }

    @Test
    void linksOnTheWayAndLinksToLinksAreFollowed() {
        host.link("/image/first", "second").link("/image/second", "/var/../third").link("/image/third", "bin");

        assertThat(image.find(Path.of("/first/sh"))).isEqualTo(at("/usr/bin/sh", false));
        assertThat(image.isExecutable(Path.of("/first/sh"))).isTrue();
        assertThat(image.find(Path.of("/var/run"))).isEqualTo(at("/run", true));
    }

    @ParameterizedTest
    @CsvSource({"/link,../etc/shadow", "/link,..", "/opt/link,../../etc", "/opt/link,../etc/../../x",
            "/bin/link,../../../etc/shadow"})
    void relativeLinksThatLeadAboveTheRootAreTold(String link, String target) {
        host.link("/image" + link, target);
        Path place = link.startsWith("/bin/") ? Path.of("/usr" + link) : Path.of(link);

        assertThat(image.find(Path.of(link))).isEqualTo(new LeadsOutside(place, Path.of(target)));
        assertThat(image.find(Path.of(link).resolve("below"))).isEqualTo(new LeadsOutside(place, Path.of(target)));
    }

    @Test
    void onTheHostsOwnRootNoLinkLeadsOut() {
        host.link("/link", "../../etc/shadow");

        assertThat(RootView.of(host.files(), RootFilesystem.hostReadOnly()).find(Path.of("/link")))
                .isEqualTo(new At(Path.of("/etc/shadow"), host.at("/etc/shadow"), false, false));
    }

    @Test
    void linksThatLoopAreGivenUpWhereTheKernelDoes() {
        host.link("/image/a", "b").link("/image/b", "a");
        for (int i = 0; i < 41; i++) {
            host.link("/image/chain" + i, i == 40 ? "etc" : "chain" + (i + 1));
        }

        assertThat(image.find(Path.of("/a"))).isEqualTo(new Loops());
        assertThat(image.find(Path.of("/chain0"))).isEqualTo(new Loops());
        assertThat(image.find(Path.of("/chain1"))).isEqualTo(at("/etc", true));
    }

    @Test
    void aBindCoversWhatLiesBelow() {
        RootView bound = image.with(Path.of("/opt"), new OfHost(Path.of("/etc")));

        assertThat(bound.find(Path.of("/opt/shadow")))
                .isEqualTo(new At(Path.of("/opt/shadow"), host.at("/etc/shadow"), false, false));
        assertThat(bound.find(Path.of("/opt/passwd"))).isInstanceOf(Nothing.class);
        assertThat(image.find(Path.of("/opt/shadow"))).isInstanceOf(Nothing.class);
    }

    @Test
    void theLastOfSeveralMountsOnAPathCounts() {
        host.file("/first/file", "").file("/second/deep/file", "").directory("/first/deep");
        RootView inner = image.with(Path.of("/opt"), new OfHost(Path.of("/first")))
                .with(Path.of("/opt/deep"), new OfHost(Path.of("/second/deep")));
        RootView outer = image.with(Path.of("/opt/deep"), new OfHost(Path.of("/second/deep")))
                .with(Path.of("/opt"), new OfHost(Path.of("/first")));

        assertThat(inner.find(Path.of("/opt/deep/file"))).isInstanceOf(At.class);
        assertThat(outer.find(Path.of("/opt/deep/file"))).isInstanceOf(Nothing.class);
    }

    @Test
    void linksInABoundDirectoryAreFollowedInsideTheVnf() {
        host.link("/first/absolute", "/etc/passwd").link("/first/relative", "../etc/passwd");
        RootView bound = image.with(Path.of("/opt"), new OfHost(Path.of("/first")));

        assertThat(bound.find(Path.of("/opt/absolute"))).isEqualTo(at("/etc/passwd", false));
        assertThat(bound.find(Path.of("/opt/relative"))).isEqualTo(at("/etc/passwd", false));
    }

    @Test
    void whatTheHostHasBelowANewTmpfsIsNotSeen() {
        host.file("/image/run/stale", "");
        RootView covered = image.with(Path.of("/run"), new EmptyTmpfs());

        assertThat(covered.find(Path.of("/run"))).isEqualTo(new NewDirectory(Path.of("/run")));
        assertThat(covered.isDirectory(Path.of("/var/run"))).isTrue();
        assertThat(covered.find(Path.of("/run/stale")))
                .isEqualTo(new Nothing(Path.of("/run/stale"), Optional.of(Path.of("/run"))));
        assertThat(covered.find(Path.of("/var/run/a/b")))
                .isEqualTo(new Nothing(Path.of("/run/a/b"), Optional.of(Path.of("/run"))));
    }

    @Test
    void directoriesOnTheWayToAMountOnATmpfsAreThere() {
        RootView covered = image.with(Path.of("/run"), new EmptyTmpfs())
                .with(Path.of("/run/a/b"), new OfHost(Path.of("/etc")));

        assertThat(covered.find(Path.of("/run/a"))).isEqualTo(new NewDirectory(Path.of("/run/a")));
        assertThat(covered.find(Path.of("/run/a/b/shadow"))).isInstanceOf(At.class);
        assertThat(covered.find(Path.of("/run/a/c")))
                .isEqualTo(new Nothing(Path.of("/run/a/c"), Optional.of(Path.of("/run"))));
    }

    @Test
    void nothingCanBeMadeBehindAParentThatDoesNotExist() {
        host.link("/image/odd", "/run/none/../x");
        RootView covered = image.with(Path.of("/run"), new EmptyTmpfs());

        assertThat(covered.find(Path.of("/odd"))).isInstanceOfSatisfying(
                Nothing.class, nothing -> assertThat(nothing.tmpfs()).isEmpty());
    }

    @Test
    void whatANewFileSystemHoldsIsNotKnown() {
        host.directory("/image/proc").file("/image/proc/stale", "").link("/image/magic", "/proc/self/fd/7");
        RootView covered = image.with(Path.of("/proc"), new NewFilesystem());

        assertThat(covered.find(Path.of("/proc/stale"))).isEqualTo(new Unknown(Path.of("/proc/stale")));
        assertThat(covered.find(Path.of("/magic/etc"))).isEqualTo(new Unknown(Path.of("/proc/self/fd/7/etc")));
        assertThat(covered.isDirectory(Path.of("/proc"))).isTrue();
        assertThat(covered.isExecutable(Path.of("/proc/stale"))).isFalse();
    }

    @Test
    void ofAnUnknownRootEverythingIsUnknown() {
        assertThat(RootView.unknown(host.files()).find(Path.of("/bin/sh"))).isEqualTo(new Unknown(Path.of("/bin/sh")));
    }

    @Test
    void theRootOfAProcessIsALinkOfTheKernels() {
        host.link("/proc/77/root", host.at("/image").toString());
        RootView view = RootView.ofProcess(host.files(), 77);

        assertThat(view.isDirectory(Path.of("/"))).isTrue();
        assertThat(view.isExecutable(Path.of("/bin/sh"))).isTrue();
    }

    @Test
    void onlyARealDirectoryIsOne() {
        host.link("/image/linked", "etc");

        assertThat(image.isRealDirectory(Path.of("/etc"))).isTrue();
        assertThat(image.isDirectory(Path.of("/linked"))).isTrue();
        assertThat(image.isRealDirectory(Path.of("/linked"))).isFalse();
        assertThat(image.isRealDirectory(Path.of("/bin/sh"))).isFalse();
    }

    @Test
    void aProgramIsAnExecutableRegularFile() {
        assertThat(image.isExecutable(Path.of("/bin/sh"))).isTrue();
        assertThat(image.isExecutable(Path.of("/etc/passwd"))).isFalse();
        assertThat(image.isExecutable(Path.of("/etc"))).isFalse();
    }

    /** What the JDK, that is the kernel, makes of the same links in a tree where nothing leads out. */
    @Test
    void linksLeadWhereTheKernelWouldGo() throws IOException {
        SplittableRandom random = Seed.random("links of a root");
        List<String> names = List.of("a", "b", "c", "d");
        RootView whole = RootView.of(io.vnfkit.linux.KernelFiles.host(), RootFilesystem.hostReadOnly());
        for (int round = 0; round < 30; round++) {
            Path top = Files.createDirectory(directory.toRealPath().resolve("round" + round));
            List<Path> places = new ArrayList<>(List.of(top));
            for (int i = 0; i < 12; i++) {
                Path place = places.get(random.nextInt(places.size())).resolve(names.get(random.nextInt(4)));
                if (Files.exists(place, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                    continue;
                }
                if (random.nextBoolean()) {
                    places.add(Files.createDirectory(place));
                } else {
                    Files.createSymbolicLink(place, random.nextBoolean() ? places.get(random.nextInt(places.size()))
                            : Path.of(random.nextBoolean() ? "../" + names.get(random.nextInt(4))
                            : names.get(random.nextInt(4))));
                }
            }
            for (int i = 0; i < 50; i++) {
                Path path = top.resolve(names.get(random.nextInt(4))).resolve(names.get(random.nextInt(4)))
                        .resolve(names.get(random.nextInt(4)));
                RootView.Found found = whole.find(path);
                assertThat(found instanceof At).as("%s: %s; %s", path, found, Seed.hint())
                        .isEqualTo(Files.exists(path));
                if (found instanceof At at) {
                    assertThat(at.path()).isEqualTo(path.toRealPath());
                }
            }
        }
    }
}
