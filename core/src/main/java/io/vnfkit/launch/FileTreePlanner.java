package io.vnfkit.launch;

import io.vnfkit.Problem;
import io.vnfkit.launch.step.FileTreeStep;
import io.vnfkit.launch.step.FileTreeStep.AttachFilesystem;
import io.vnfkit.launch.step.FileTreeStep.AttachTree;
import io.vnfkit.launch.step.FileTreeStep.BindInside;
import io.vnfkit.launch.step.FileTreeStep.EnterRoot;
import io.vnfkit.launch.step.FileTreeStep.LeaveHostTree;
import io.vnfkit.launch.step.FileTreeStep.MakeDirectory;
import io.vnfkit.launch.step.FileTreeStep.MountFilesystem;
import io.vnfkit.launch.step.FileTreeStep.RequireRealDirectory;
import io.vnfkit.launch.step.FileTreeStep.StopPropagation;
import io.vnfkit.launch.step.FileTreeStep.WriteFile;
import io.vnfkit.launch.step.SupervisorStep;
import io.vnfkit.launch.step.SupervisorStep.OpenFilesystem;
import io.vnfkit.launch.step.SupervisorStep.OpenTree;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.FileContent;
import io.vnfkit.mount.Mask;
import io.vnfkit.mount.RootFilesystem;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.mount.VnfMount.Flag;
import io.vnfkit.namespace.NamespaceDescription;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.namespace.NamespaceSource;
import io.vnfkit.security.UserIdentity;
import io.vnfkit.unit.DeviceRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Plans what a VNF sees as its file tree: root, /proc, /sys, /dev, mounts, masks. Used for one plan. */
final class FileTreePlanner {

    /** Directories below which every VNF has file systems of its own. */
    static final List<Path> FRESH =
            List.of(Path.of("/proc"), Path.of("/sys"), Path.of("/dev"), Path.of("/run"), Path.of("/tmp"));

    /** Where directories can be made. */
    private static final List<Path> WRITABLE = List.of(Path.of("/dev"), Path.of("/run"), Path.of("/tmp"));

    /** What other runtimes hide as well: memory, keys and timing of the host. */
    private static final List<String> HIDDEN = List.of(
            "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug",
            "/proc/scsi", "/proc/timer_list", "/proc/timer_stats", "/sys/firmware", "/sys/devices/virtual/powercap");

    /** Files that root could otherwise change for the whole host. */
    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private static final Set<Flag> HARDENED = Set.of(Flag.NOSUID, Flag.NODEV, Flag.NOEXEC);

    private final KernelFiles files;
    private final Path attachPoint;
    private final RootFilesystem root;
    private final RootView view;
    private final NamespaceDescription namespaces;
    private final Consumer<Problem> problems;
    private final List<SupervisorStep> supervisorSteps = new ArrayList<>();
    private final List<FileTreeStep> steps = new ArrayList<>();
    private final Set<Path> made = new LinkedHashSet<>();

    FileTreePlanner(KernelFiles files, Path attachPoint, RootFilesystem root, RootView view,
            NamespaceDescription namespaces, Consumer<Problem> problems) {
        this.files = files;
        this.attachPoint = attachPoint;
        this.root = root;
        this.view = view;
        this.namespaces = namespaces;
        this.problems = problems;
    }

    List<SupervisorStep> supervisorSteps() {
        return supervisorSteps;
    }

    List<FileTreeStep> plan(UserIdentity user, Map<Path, DeviceRule> devices, List<VnfMount> mounts, List<Mask> masks) {
        steps.add(new StopPropagation());
        enterRoot();
        requireRealDirectories();
        mountKernelFilesystems();
        new DevicePlanner(files, usesUserNamespace(), user, this).plan(devices);
        mountScratch("/run", "mode=0755,size=67108864");
        mountScratch("/tmp", "mode=1777,size=268435456");
        mounts.forEach(this::mount);
        steps.addAll(MaskPlanner.plan(withHiddenPaths(masks)));
        READ_ONLY.stream().filter(files::exists).map(Path::of).forEach(
                path -> steps.add(new BindInside(path, path, Set.of(Flag.READ_ONLY, Flag.NOSUID, Flag.NODEV, Flag.NOEXEC))));
        steps.add(new LeaveHostTree());
        return steps;
    }

    boolean usesUserNamespace() {
        return !(namespaces.source(NamespaceKind.USER) instanceof NamespaceSource.Inherited);
    }


    private void enterRoot() {
        if (root instanceof RootFilesystem.HostReadOnly host) {
            enterHostRoot(host);
        } else if (root instanceof RootFilesystem.DirectoryRoot directory) {
            requireDirectoryOnHost(directory.directory());
            attach(directory.directory(), attachPoint, true,
                    directory.readOnly() ? Set.of(Flag.READ_ONLY, Flag.NODEV) : Set.of(Flag.NODEV));
            steps.add(new EnterRoot(attachPoint));
        } else if (root instanceof RootFilesystem.OverlayRoot overlay) {
            enterOverlayRoot(overlay);
        }
    }

    private void enterHostRoot(RootFilesystem.HostReadOnly host) {
        attach(Path.of("/"), attachPoint, false, Set.of(Flag.READ_ONLY, Flag.NODEV));
        for (Path mountPoint : HostFilesystems.diskBackedBelowRoot(files)) {
            attach(mountPoint, below(attachPoint, mountPoint), false, Set.of(Flag.READ_ONLY, Flag.NODEV));
        }
        for (Path writable : host.writable()) {
            if (!files.exists(writable.toString())) {
                problems.accept(new Problem("root.writable", writable + " does not exist on the host", "create it first"));
            }
            attach(writable, below(attachPoint, writable), true, Set.of(Flag.NODEV, Flag.NOSUID));
        }
        steps.add(new EnterRoot(attachPoint));
    }

    private void enterOverlayRoot(RootFilesystem.OverlayRoot overlay) {
        requireDirectoryOnHost(overlay.directory());
        if (overlay.directory().toString().matches(".*[:,\\\\].*")) {
            problems.accept(new Problem("root", overlay.directory() + " holds a ':', ',' or '\\', which overlayfs takes for"
                    + " a separator", "rename the directory"));
        }
        Path upper = attachPoint.resolve("upper");
        Path work = attachPoint.resolve("work");
        Path merged = attachPoint.resolve("merged");
        steps.add(new MountFilesystem("tmpfs", "vnf-root", attachPoint, Set.of(Flag.NODEV),
                "mode=0755,size=" + overlay.size().value()));
        List.of(upper, work, merged).forEach(directory -> steps.add(new MakeDirectory(directory, 0755)));
        steps.add(new MountFilesystem("overlay", "overlay", merged, Set.of(Flag.NODEV),
                "lowerdir=" + overlay.directory() + ",upperdir=" + upper + ",workdir=" + work));
        steps.add(new EnterRoot(merged));
    }

    private void requireDirectoryOnHost(Path directory) {
        if (!files.isDirectory(directory.toString())) {
            problems.accept(new Problem("root", directory + " is no directory on the host", "unpack an image there first"));
        }
    }

    private static Path below(Path base, Path absolute) {
        return base.resolve(Path.of("/").relativize(absolute));
    }

    private void requireRealDirectories() {
        if (root instanceof RootFilesystem.HostReadOnly) {
            return;
        }
        for (String name : List.of("/proc", "/sys", "/dev")) {
            Path path = Path.of(name);
            if (!view.isDirectory(path)) {
                problems.accept(new Problem("root", "its " + name + " is no directory", "create it in the root file system"));
            }
            steps.add(new RequireRealDirectory(path));
        }
    }

    private void mountKernelFilesystems() {
        steps.add(new MountFilesystem("proc", "proc", Path.of("/proc"), HARDENED, ""));
        steps.add(new MountFilesystem("sysfs", "sysfs", Path.of("/sys"),
                Set.of(Flag.READ_ONLY, Flag.NOSUID, Flag.NODEV, Flag.NOEXEC), ""));
        if (usesUserNamespace()) {
            // A fresh procfs or sysfs is only given to the owner of the pid or network namespace it shows.
            requireOwned(NamespaceKind.PID, "/proc");
            requireOwned(NamespaceKind.NET, "/sys");
        }
    }

    private void requireOwned(NamespaceKind kind, String path) {
        if (!namespaces.isFresh(kind)) {
            problems.accept(new Problem("namespaces." + kind.procName(),
                    "with a user namespace of its own, the VNF cannot mount " + path + " for a namespace it does not own",
                    "make the " + kind.procName() + " namespace new too"));
        }
    }

    private void mountScratch(String path, String options) {
        if (view.isDirectory(Path.of(path))) {
            steps.add(new MountFilesystem("tmpfs", "tmpfs", Path.of(path), Set.of(Flag.NOSUID, Flag.NODEV), options));
        }
    }

    private void mount(VnfMount mount) {
        if (mount instanceof VnfMount.Bind bind) {
            bind(bind);
        } else if (mount instanceof VnfMount.Filesystem filesystem) {
            provideDirectory(filesystem.target());
            mountFilesystem(filesystem);
        }
    }

    private void mountFilesystem(VnfMount.Filesystem mount) {
        if (usesUserNamespace() && mount.type().equals("hugetlbfs")) {
            supervisorSteps.add(new OpenFilesystem(
                    mount.type(), mount.source(), mount.target(), mount.flags(), mount.options()));
            steps.add(new AttachFilesystem(mount.type(), mount.target()));
            return;
        }
        steps.add(new MountFilesystem(mount.type(), mount.source(), mount.target(), mount.flags(), mount.options()));
    }

    private void bind(VnfMount.Bind bind) {
        Path onHost = files.resolve(bind.source());
        // A shared volume is mounted by a step of this same plan, so its directory may not be there yet.
        boolean laterOnHost = bind.source().startsWith(StateDirectory.VOLUMES);
        if (!Files.exists(onHost) && !laterOnHost) {
            problems.accept(new Problem("mounts", bind.source() + " does not exist on the host", "create it first"));
        }
        if (Files.isDirectory(onHost) || laterOnHost) {
            provideDirectory(bind.target());
        } else {
            provideFile(bind.target());
        }
        attach(bind.source(), bind.target(), bind.recursive(), bind.flags());
    }

    /** Copies a tree of the host and attaches it inside the VNF. */
    void attach(Path source, Path target, boolean recursive, Set<Flag> flags) {
        supervisorSteps.add(new OpenTree(source, recursive, flags));
        steps.add(new AttachTree(source, target));
    }

    void add(FileTreeStep step) {
        steps.add(step);
    }

    /** Makes sure that a directory to mount on exists. */
    void provideDirectory(Path target) {
        if (!isWritable(target)) {
            requireExisting(target, view.isDirectory(target), "directory");
            return;
        }
        for (int names = 2; names <= target.getNameCount(); names++) {
            Path directory = Path.of("/").resolve(target.subpath(0, names));
            if (made.add(directory)) {
                steps.add(new MakeDirectory(directory, 0755));
            }
        }
    }

    /** Makes sure that a file to mount on exists. */
    void provideFile(Path target) {
        if (!isWritable(target)) {
            requireExisting(target, view.find(target) instanceof RootView.At && !view.isDirectory(target), "file");
            return;
        }
        provideDirectory(target.getParent());
        steps.add(new WriteFile(target, new FileContent.Text("")));
    }

    private static boolean isWritable(Path target) {
        return WRITABLE.stream().anyMatch(directory -> target.startsWith(directory) && !target.equals(directory));
    }

    private void requireExisting(Path target, boolean exists, String what) {
        if (view.find(target) instanceof RootView.LeadsOutside outside) {
            problems.accept(new Problem("mounts", "target " + target + ": the link " + outside.link() + " -> "
                    + outside.target() + " leads out of the root file system", "mend the link"));
        } else if (!exists) {
            problems.accept(new Problem("mounts", "target " + target + " is no " + what + " in the root file system",
                    "create it there, or use a target below /run or /tmp"));
        }
    }

    private List<Mask> withHiddenPaths(List<Mask> masks) {
        List<Mask> all = new ArrayList<>(masks);
        for (String hidden : HIDDEN) {
            addHidden(all, Path.of(hidden), false);
        }
        if (root instanceof RootFilesystem.HostReadOnly host) {
            host.hidden().forEach(hidden -> addHidden(all, hidden, true));
        }
        return all;
    }

    private void addHidden(List<Mask> masks, Path path, boolean required) {
        Path onHost = files.resolve(path);
        if (Files.exists(onHost)) {
            masks.add(new Mask(path, Files.isDirectory(onHost) ? Mask.Directory.EMPTY : Mask.File.of("")));
        } else if (required) {
            problems.accept(new Problem("root.hidden", path + " does not exist on the host", "leave it out"));
        }
    }
}
