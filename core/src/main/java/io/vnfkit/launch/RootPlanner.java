package io.vnfkit.launch;

import io.vnfkit.launch.step.FileTreeStep.EnterRoot;
import io.vnfkit.launch.step.FileTreeStep.MakeDirectory;
import io.vnfkit.launch.step.FileTreeStep.MountFilesystem;
import io.vnfkit.launch.step.FileTreeStep.RequireRealDirectory;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.RootFilesystem;
import io.vnfkit.mount.VnfMount.Flag;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Plans how a VNF gets its root file system. */
final class RootPlanner {

    private final KernelFiles files;
    private final Path attachPoint;
    private final FileTree tree;

    RootPlanner(KernelFiles files, Path attachPoint, FileTree tree) {
        this.files = files;
        this.attachPoint = attachPoint;
        this.tree = tree;
    }

    void plan(RootFilesystem root) {
        if (root instanceof RootFilesystem.HostReadOnly host) {
            enterHostRoot(host);
        } else if (root instanceof RootFilesystem.DirectoryRoot directory) {
            requireDirectoryOnHost(directory.directory());
            tree.attach(directory.directory(), attachPoint, true,
                    directory.readOnly() ? Set.of(Flag.READ_ONLY, Flag.NODEV) : Set.of(Flag.NODEV));
            tree.add(new EnterRoot(attachPoint));
            requireRealDirectories();
        } else if (root instanceof RootFilesystem.OverlayRoot overlay) {
            enterOverlayRoot(overlay);
            requireRealDirectories();
        }
    }

    private void enterHostRoot(RootFilesystem.HostReadOnly host) {
        tree.attach(Path.of("/"), attachPoint, false, Set.of(Flag.READ_ONLY, Flag.NODEV));
        for (Path mountPoint : HostFilesystems.diskBackedBelowRoot(files)) {
            tree.attach(mountPoint, below(mountPoint), false, Set.of(Flag.READ_ONLY, Flag.NODEV));
        }
        host.writable().forEach(this::attachWritable);
        tree.add(new EnterRoot(attachPoint));
    }

    private void attachWritable(Path path) {
        if (!(tree.view().find(path) instanceof RootView.At at)) {
            tree.problem("root.writable", path + " does not exist on the host", "create it first");
            return;
        }
        if (FileTreePlanner.FRESH.stream().anyMatch(at.path()::startsWith)) {
            tree.problem("root.writable", path + " is hidden by the VNF's own /" + at.path().getName(0),
                    "mount it with VnfMount.Bind.readWrite");
        }
        // Without links: before the root is entered, an absolute one would lead into the host's tree.
        tree.attach(at.path(), below(at.path()), true, Set.of(Flag.NODEV, Flag.NOSUID));
    }

    private Path below(Path absolute) {
        return attachPoint.resolve(Path.of("/").relativize(absolute));
    }

    private void enterOverlayRoot(RootFilesystem.OverlayRoot overlay) {
        requireDirectoryOnHost(overlay.directory());
        if (overlay.directory().toString().matches(".*[:,\\\\].*")) {
            tree.problem("root", overlay.directory()
                    + " holds a ':', ',' or '\\', which overlayfs takes for a separator",
                    "rename the directory");
        }
        Path upper = attachPoint.resolve("upper");
        Path work = attachPoint.resolve("work");
        Path merged = attachPoint.resolve("merged");
        tree.add(new MountFilesystem("tmpfs", "vnf-root", attachPoint, Set.of(Flag.NODEV),
                "mode=0755,size=" + overlay.size().value()));
        List.of(upper, work, merged).forEach(directory -> tree.add(new MakeDirectory(directory, 0755)));
        tree.add(new MountFilesystem("overlay", "overlay", merged, Set.of(Flag.NODEV),
                "lowerdir=" + overlay.directory() + ",upperdir=" + upper + ",workdir=" + work));
        tree.add(new EnterRoot(merged));
    }

    private void requireDirectoryOnHost(Path directory) {
        if (!files.isDirectory(directory.toString())) {
            tree.problem("root", directory + " is no directory on the host", "unpack an image there first");
        }
    }

    private void requireRealDirectories() {
        for (String name : List.of("/proc", "/sys", "/dev")) {
            Path path = Path.of(name);
            if (!tree.view().isRealDirectory(path)) {
                tree.problem("root", "its " + name + " is no directory; a link could lead the mount elsewhere",
                        "create it in the root file system");
            }
            tree.add(new RequireRealDirectory(path));
        }
    }
}
