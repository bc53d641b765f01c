package io.vnfkit.launch;

import io.vnfkit.Problem;
import io.vnfkit.launch.step.FileTreeStep;
import io.vnfkit.launch.step.FileTreeStep.LeaveHostTree;
import io.vnfkit.launch.step.FileTreeStep.MountFilesystem;
import io.vnfkit.launch.step.FileTreeStep.StopPropagation;
import io.vnfkit.launch.step.SupervisorStep;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.Mask;
import io.vnfkit.mount.RootFilesystem;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.mount.VnfMount.Flag;
import io.vnfkit.namespace.NamespaceDescription;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.namespace.NamespaceSource;
import io.vnfkit.security.UserIdentity;
import io.vnfkit.unit.DeviceRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Plans what a VNF sees as its file tree: root, /proc, /sys, /dev, mounts, masks. Used for one plan. */
final class FileTreePlanner {

    /** Directories below which every VNF has file systems of its own. */
    static final List<Path> FRESH =
            List.of(Path.of("/proc"), Path.of("/sys"), Path.of("/dev"), Path.of("/run"), Path.of("/tmp"));

    private static final Path PROC = Path.of("/proc");
    private static final Path SYS = Path.of("/sys");

    private final KernelFiles files;
    private final Path attachPoint;
    private final RootFilesystem root;
    private final NamespaceDescription namespaces;
    private final FileTree tree;

    FileTreePlanner(KernelFiles files, Path attachPoint, RootFilesystem root, NamespaceDescription namespaces,
            Consumer<Problem> problems) {
        this.files = files;
        this.attachPoint = attachPoint;
        this.root = root;
        this.namespaces = namespaces;
        this.tree = new FileTree(RootView.of(files, root), problems);
    }

    List<SupervisorStep> supervisorSteps() {
        return tree.supervisorSteps();
    }

    /** What the VNF will see. */
    RootView view() {
        return tree.view();
    }

    List<FileTreeStep> plan(UserIdentity user, Map<Path, DeviceRule> devices, List<VnfMount> mounts, List<Mask> masks) {
        tree.add(new StopPropagation());
        new RootPlanner(files, attachPoint, tree).plan(root);
        mountKernelFilesystems();
        // The old root lies on top of the new one, so "/.." would lead into it. The kernel wants to see its procfs and sysfs when a
        // user namespace mounts its own; after that nothing needs it any more.
        tree.add(new LeaveHostTree());
        new DevicePlanner(files, usesUserNamespace(), user, tree).plan(devices, namespaces.isFresh(NamespaceKind.IPC));
        mountScratch("/run", "mode=0755,size=67108864");
        mountScratch("/tmp", "mode=1777,size=268435456");
        MountPlanner mountPlanner = new MountPlanner(files, usesUserNamespace(), tree);
        mounts.forEach(mountPlanner::plan);
        HiddenPaths hidden = new HiddenPaths(files, tree);
        List<Mask> allMasks = new ArrayList<>(masks);
        allMasks.addAll(hidden.masks(root));
        MaskPlanner.plan(allMasks).forEach(tree::add);
        hidden.makeReadOnly();
        return tree.steps();
    }

    private boolean usesUserNamespace() {
        return !(namespaces.source(NamespaceKind.USER) instanceof NamespaceSource.Inherited);
    }

    private void mountKernelFilesystems() {
        tree.add(new MountFilesystem("proc", "proc", PROC, Set.of(Flag.NOSUID, Flag.NODEV, Flag.NOEXEC), ""));
        tree.add(new MountFilesystem("sysfs", "sysfs", SYS,
                Set.of(Flag.READ_ONLY, Flag.NOSUID, Flag.NODEV, Flag.NOEXEC), ""));
        tree.covered(PROC, new RootView.NewFilesystem());
        tree.covered(SYS, new RootView.NewFilesystem());
        if (usesUserNamespace()) {
            requireOwnPidNamespace();
            requireOwnNetwork();
        }
    }

    /** A fresh procfs is only given to the owner of the pid namespace that it shows. */
    private void requireOwnPidNamespace() {
        NamespaceSource pid = namespaces.source(NamespaceKind.PID);
        boolean freshUser = namespaces.isFresh(NamespaceKind.USER);
        if (freshUser && !(pid instanceof NamespaceSource.Fresh)) {
            notOwned(NamespaceKind.PID, "/proc", "make the pid namespace new too");
        }
        // The supervisor makes a new one, in the host's user namespace.
        if (!freshUser && (pid instanceof NamespaceSource.Fresh || pid instanceof NamespaceSource.Inherited)) {
            notOwned(NamespaceKind.PID, "/proc", "join the pid namespace of the user namespace's owner too");
        }
    }

    /** A fresh sysfs is only given to the owner of the network namespace that it shows. */
    private void requireOwnNetwork() {
        NamespaceSource net = namespaces.source(NamespaceKind.NET);
        boolean joinedBoth = !namespaces.isFresh(NamespaceKind.USER) && !(net instanceof NamespaceSource.Inherited);
        if (!(net instanceof NamespaceSource.Fresh) && !joinedBoth) {
            notOwned(NamespaceKind.NET, "/sys", "make the network namespace new too");
        }
    }

    private void notOwned(NamespaceKind kind, String path, String cure) {
        tree.problem("namespaces." + kind.procName(), "with a user namespace of its own, the VNF cannot mount " + path
                + " for a namespace that another one owns", cure);
    }

    private void mountScratch(String path, String options) {
        RootView.Found found = tree.view().find(Path.of(path));
        if (found instanceof RootView.At at && RootView.isDirectory(at)) {
            tree.add(new MountFilesystem("tmpfs", "tmpfs", at.path(), Set.of(Flag.NOSUID, Flag.NODEV), options));
            tree.covered(at.path(), new RootView.EmptyTmpfs());
        }
    }
}
