package io.vnfkit.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.InvalidVnfException;
import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.testing.BusyboxRoot;
import io.vnfkit.testing.HostShell;
import io.vnfkit.testing.InsideVnf;
import io.vnfkit.testing.InsideVnf.Seen;
import io.vnfkit.testing.LaunchesVnfs;
import io.vnfkit.testing.LinksOfRoot;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.unit.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory as root: writable, read-only, and below a tmpfs; with what an image may do wrong. */
@LaunchesVnfs
@RequiresCommand("busybox")
class DirectoryRootIT {

    @TempDir
    private Path root;

    @BeforeEach
    void fillRoot() {
        BusyboxRoot.in(root);
    }

    @AfterEach
    void removeLinks() {
        LinksOfRoot.remove(root);
    }

    @Test
    void aDirectoryIsTheWholeWorldAndCanBeWritten() throws IOException {
        Seen seen = InsideVnf.run(InsideVnf.vnf().root(RootFilesystem.directory(root)), "cat /etc/marker",
                "echo $(ls /)",
                "echo written > /etc/new", "ls /root /usr 2> /dev/null | wc -l");

        assertThat(seen.lines()).containsExactly("busybox root", "bin dev etc opt proc run sys tmp var", "0");
        assertThat(root.resolve("etc/new")).hasContent("written\n");
    }

    @Test
    void aReadOnlyDirectoryStaysAsItIs() {
        Seen seen = InsideVnf.run(InsideVnf.vnf().root(RootFilesystem.readOnlyDirectory(root)), "touch /etc/new",
                "touch /tmp/ok && echo ok");

        assertThat(seen.lines()).containsExactly("touch: /etc/new: Read-only file system", "ok");
        assertThat(root.resolve("etc/new")).doesNotExist();
        assertThat(root.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void aTmpfsAboveTakesWhatIsWrittenAndEndsWithTheVnf() {
        Vnf.Builder vnf = InsideVnf.vnf().root(RootFilesystem.directoryWithTmpfsAbove(root, Bytes.mebibytes(1)));

        Seen seen = InsideVnf.run(vnf, "cat /etc/marker", "echo changed > /etc/marker", "cat /etc/marker",
                "rm /bin/wc", "mkdir -p /a/b",
                "ls -d /a/b", "head -c 2000000 /dev/zero > /a/large");

        assertThat(seen.lines()).startsWith("busybox root", "changed", "/a/b");
        assertThat(seen.lines()).last().asString().matches(".*(No space left on device|I/O error)");
        assertThat(root.resolve("etc/marker")).hasContent("busybox root\n");
        assertThat(root.resolve("bin/wc")).exists();
        assertThat(root.resolve("a")).doesNotExist();
    }

    @Test
    void aTmpfsAboveWorksInAUserNamespaceToo() {
        Vnf.Builder vnf = InsideVnf.vnf().root(RootFilesystem.directoryWithTmpfsAbove(root, Bytes.mebibytes(1)))
                .namespaces(ns -> ns.mapIds(0, 100000, 65536));

        Seen seen = InsideVnf.run(vnf, "echo new > /etc-new", "cat /etc-new", "cat /etc/marker", "mkdir /opt/x");

        assertThat(seen.lines()).startsWith("new", "busybox root");
        assertThat(root.resolve("etc-new")).doesNotExist();
    }

    @Test
    void aDirectoryIsTheRootInAUserNamespaceToo() {
        HostShell.run("chown -R 100000:100000 " + root);
        Vnf.Builder vnf = InsideVnf.vnf().root(RootFilesystem.directory(root))
                .namespaces(ns -> ns.mapIds(0, 100000, 65536));

        Seen seen = InsideVnf.run(vnf, "stat -c %u:%g /etc/marker", "touch /etc/mine", "echo $(ls /dev)");

        assertThat(seen.lines()).containsExactly("0:0",
                "fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero");
        assertThat(HostShell.run("stat -c %u " + root + "/etc/mine")).isEqualTo("100000\n");
    }

    @Test
    void anAbsoluteLinkStartsAtTheVnfsRoot() {
        Seen seen = InsideVnf.run(InsideVnf.vnf().root(RootFilesystem.readOnlyDirectory(root)),
                "touch /var/run/here", "ls /run", "readlink /var/run");

        assertThat(seen.lines()).containsExactly("here", "/run");
    }

    @Test
    void aCommandBehindALinkThatLeadsOutIsRefusedInThePlan() throws IOException {
        Files.createSymbolicLink(root.resolve("bin/out"), Path.of("../../../../../../usr/bin/id"));

        assertThatThrownBy(() -> InsideVnf.run(InsideVnf.vnf().root(RootFilesystem.directory(root)).command("/bin/out")
                .build()))
                .isInstanceOf(InvalidVnfException.class)
                .hasMessageContaining("/bin/out -> ../../../../../../usr/bin/id leads out of the root file system");
    }

    @Test
    void aMountBehindALinkThatLeadsOutIsRefusedInThePlan() throws IOException {
        Files.createSymbolicLink(root.resolve("opt/out"), Path.of("../../../etc"));

        assertThatThrownBy(() -> InsideVnf.run(InsideVnf.vnf().root(RootFilesystem.directory(root))
                .mount(VnfMount.Bind.readOnly(root.resolve("etc"), Path.of("/opt/out"))), "true"))
                .isInstanceOf(InvalidVnfException.class)
                .hasMessageContaining("leads out of the root file system");
    }

    @Test
    void aLinkInPlaceOfProcIsRefusedInThePlan() throws IOException {
        Files.delete(root.resolve("proc"));
        Files.createSymbolicLink(root.resolve("proc"), Path.of("opt"));

        assertThatThrownBy(() -> InsideVnf.run(InsideVnf.vnf().root(RootFilesystem.directory(root)), "true"))
                .isInstanceOf(InvalidVnfException.class).hasMessageContaining("/proc");
    }

    @Test
    void mountsBelowTheDirectoryComeAlongAndDoNotPropagate() {
        Path below = root.resolve("opt/config");
        HostShell.run("mount -t tmpfs -o size=64k vnfkit-test " + root.resolve("opt") + " && mount --make-shared "
                + root.resolve("opt")
                + " && mkdir " + below + " && echo 1 > " + below + "/first");
        try (RunningVnf vnf = InsideVnf.hold(InsideVnf.vnf().root(RootFilesystem.directory(root)),
                "cat /opt/config/first")) {
            HostShell.run("mount -t tmpfs -o size=64k later " + below);
            try {
                String ofVnf = KernelFiles.host().read("/proc/" + vnf.pid() + "/mountinfo");
                assertThat(ofVnf).contains(" /opt ").doesNotContain("later").doesNotContain("shared:")
                        .doesNotContain("master:");
            } finally {
                HostShell.run("umount " + below);
            }
        } finally {
            HostShell.run("umount " + root.resolve("opt"));
        }
    }

    @Test
    void filesOfTheHostsRootAreNowhere() {
        Seen seen = InsideVnf.run(InsideVnf.vnf().root(RootFilesystem.directory(root)), "cat /proc/self/mountinfo");

        assertThat(seen.lines()).filteredOn(line -> line.split(" ")[4].equals("/")).singleElement().asString()
                .contains(root.toString());
        assertThat(seen.output()).doesNotContain("/run/vnfkit").doesNotContain("shared:").doesNotContain("master:");
    }
}
