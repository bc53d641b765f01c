package io.vnfkit.launch;

import io.vnfkit.launch.step.FileTreeStep.BindInside;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.Mask;
import io.vnfkit.mount.RootFilesystem;
import io.vnfkit.mount.VnfMount.Flag;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What of procfs, of sysfs and of the host's root a VNF does not get to see, or cannot write. */
final class HiddenPaths {

    /** What other runtimes hide as well: memory, keys and timing of the host. */
    private static final List<String> HIDDEN = List.of(
            "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug",
            "/proc/scsi", "/proc/timer_list", "/proc/timer_stats", "/sys/firmware", "/sys/devices/virtual/powercap");

    /** Files that root could otherwise change for the whole host. */
    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    /** Already the VNF's own, so that nothing of the host's is seen there. */
    private static final List<Path> EMPTY = List.of(Path.of("/dev"), Path.of("/run"), Path.of("/tmp"));

    private final KernelFiles files;
    private final FileTree tree;

    HiddenPaths(KernelFiles files, FileTree tree) {
        this.files = files;
        this.tree = tree;
    }

    /** Covers for what is hidden: files get an empty file, directories an empty directory. */
    List<Mask> masks(RootFilesystem root) {
        List<Mask> masks = new ArrayList<>();
        for (String path : HIDDEN) {
            if (files.exists(path)) {
                masks.add(cover(Path.of(path), files.isDirectory(path)));
            }
        }
        if (root instanceof RootFilesystem.HostReadOnly host) {
            RootView view = RootView.of(files, host);
            host.hidden().forEach(path -> hide(path, view.find(path), masks));
        }
        return masks;
    }

    private void hide(Path path, RootView.Found found, List<Mask> masks) {
        if (!(found instanceof RootView.At at)) {
            tree.problem("root.hidden", path + " does not exist on the host", "leave it out");
        } else if (EMPTY.stream().noneMatch(at.path()::startsWith)) {
            masks.add(cover(at.path(), at.directory()));
        }
    }

    private static Mask cover(Path path, boolean directory) {
        return new Mask(path, directory ? Mask.Directory.EMPTY : Mask.File.of(""));
    }

    void makeReadOnly() {
        READ_ONLY.stream().filter(files::exists).map(Path::of).forEach(path -> tree.add(new BindInside(path, path,
                Set.of(Flag.READ_ONLY, Flag.NOSUID, Flag.NODEV, Flag.NOEXEC))));
    }
}
