package io.vnfkit.launch;

import io.vnfkit.launch.step.FileTreeStep.MakeDevice;
import io.vnfkit.launch.step.FileTreeStep.MakeDirectory;
import io.vnfkit.launch.step.FileTreeStep.MakeLink;
import io.vnfkit.launch.step.FileTreeStep.MountFilesystem;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.VnfMount.Flag;
import io.vnfkit.security.UserIdentity;
import io.vnfkit.unit.DeviceRule;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Plans a minimal /dev: the six nodes that every program expects, pseudo terminals, shared memory, message queues, and
 * the devices granted.
 *
 * <p>Nodes are made with mknod(2) and belong to the VNF's user. In a user namespace of its own, nodes that it makes
 * could not be opened; the host's are bound instead.
 */
final class DevicePlanner {

    private static final Path DEV = Path.of("/dev");

    /** Nodes with their minor numbers; the major number is 1, but for tty. */
    private static final Map<String, int[]> BASIC = new java.util.TreeMap<>(Map.of(
            "null", new int[] {1, 3}, "zero", new int[] {1, 5}, "full", new int[] {1, 7}, "random", new int[] {1, 8},
            "urandom", new int[] {1, 9}, "tty", new int[] {5, 0}));

    private static final List<String[]> LINKS = List.of(
            new String[] {"ptmx", "pts/ptmx"}, new String[] {"fd", "/proc/self/fd"},
            new String[] {"stdin", "/proc/self/fd/0"},
            new String[] {"stdout", "/proc/self/fd/1"}, new String[] {"stderr", "/proc/self/fd/2"});

    private static final Set<Flag> HARDENED = Set.of(Flag.NOSUID, Flag.NODEV, Flag.NOEXEC);

    private final KernelFiles files;
    private final boolean userNamespace;
    private final UserIdentity user;
    private final FileTree tree;

    DevicePlanner(KernelFiles files, boolean userNamespace, UserIdentity user, FileTree tree) {
        this.files = files;
        this.userNamespace = userNamespace;
        this.user = user;
        this.tree = tree;
    }

    void plan(Map<Path, DeviceRule> devices, boolean ownIpcNamespace) {
        mount("tmpfs", "dev", DEV, Set.of(Flag.NOSUID, Flag.NOEXEC), "mode=0755", new RootView.EmptyTmpfs());
        BASIC.forEach((name, number) -> basicNode(DEV.resolve(name), number));
        devices.forEach(this::grantedNode);
        // gid 5 is tty in every distribution; it may not be mapped in a user namespace.
        mountBelow("devpts", "devpts", "pts", Set.of(Flag.NOSUID, Flag.NOEXEC),
                "newinstance,ptmxmode=0666,mode=0620" + (userNamespace ? "" : ",gid=5"), new RootView.NewFilesystem());
        for (String[] link : LINKS) {
            tree.add(new MakeLink(DEV.resolve(link[0]), link[1]));
        }
        mountBelow("tmpfs", "shm", "shm", HARDENED, "mode=1777,size=67108864", new RootView.EmptyTmpfs());
        if (ownIpcNamespace) {
            // In the host's namespace it would show the host's queues.
            mountBelow("mqueue", "mqueue", "mqueue", HARDENED, "", new RootView.NewFilesystem());
        }
    }

    private void mountBelow(String type, String source, String name, Set<Flag> flags, String options,
            RootView.Content content) {
        tree.add(new MakeDirectory(DEV.resolve(name), 0755));
        mount(type, source, DEV.resolve(name), flags, options, content);
    }

    private void mount(String type, String source, Path target, Set<Flag> flags, String options,
            RootView.Content content) {
        tree.add(new MountFilesystem(type, source, target, flags, options));
        tree.covered(target, content);
    }

    private void basicNode(Path node, int[] number) {
        if (userNamespace) {
            bindNode(node);
            return;
        }
        tree.add(new MakeDevice(node, DeviceRule.Type.CHARACTER, number[0], number[1], 0666, 0, 0));
    }

    private void grantedNode(Path node, DeviceRule rule) {
        tree.provideDirectory(node.getParent());
        boolean canBeMade = rule.major().isPresent() && rule.minor().isPresent()
                && rule.access().contains(DeviceRule.Access.MKNOD);
        if (userNamespace || !canBeMade) {
            bindNode(node);
            return;
        }
        tree.add(new MakeDevice(node, rule.type(), rule.major().getAsInt(), rule.minor().getAsInt(), 0600,
                user.uid(), user.gid()));
    }

    private void bindNode(Path node) {
        if (!files.exists(node.toString())) {
            return;
        }
        tree.provideFile(node);
        tree.attach(node, node, false, Set.of(Flag.NOSUID, Flag.NOEXEC));
    }
}
