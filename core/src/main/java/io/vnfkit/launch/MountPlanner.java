package io.vnfkit.launch;

import io.vnfkit.launch.step.FileTreeStep.AttachFilesystem;
import io.vnfkit.launch.step.FileTreeStep.MountFilesystem;
import io.vnfkit.launch.step.SupervisorStep.OpenFilesystem;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.VnfMount;
import java.nio.file.Files;
import java.nio.file.Path;

/** Plans the mounts of a description and of its features, one upon the other in their order. */
final class MountPlanner {

    private final KernelFiles files;
    private final boolean userNamespace;
    private final FileTree tree;

    MountPlanner(KernelFiles files, boolean userNamespace, FileTree tree) {
        this.files = files;
        this.userNamespace = userNamespace;
        this.tree = tree;
    }

    void plan(VnfMount mount) {
        if (mount instanceof VnfMount.Bind bind) {
            bind(bind);
        } else if (mount instanceof VnfMount.Filesystem filesystem) {
            mountFilesystem(filesystem, tree.provideDirectory(filesystem.target()));
        }
    }

    private void mountFilesystem(VnfMount.Filesystem mount, Path target) {
        if (userNamespace && mount.type().equals("hugetlbfs")) {
            tree.add(new OpenFilesystem(mount.type(), mount.source(), target, mount.flags(), mount.options()));
            tree.add(new AttachFilesystem(mount.type(), target));
        } else {
            tree.add(new MountFilesystem(mount.type(), mount.source(), target, mount.flags(), mount.options()));
        }
        boolean canBeFilled = mount.type().equals("tmpfs") && !mount.flags().contains(VnfMount.Flag.READ_ONLY);
        tree.covered(target, canBeFilled ? new RootView.EmptyTmpfs() : new RootView.NewFilesystem());
    }

    private void bind(VnfMount.Bind bind) {
        Path onHost = files.resolve(bind.source());
        // A shared volume is mounted by a step of this same plan, so its directory may not be there yet.
        boolean laterOnHost = bind.source().startsWith(StateDirectory.VOLUMES);
        if (!Files.exists(onHost) && !laterOnHost) {
            tree.problem("mounts", bind.source() + " does not exist on the host", "create it first");
        }
        boolean isDirectory = Files.isDirectory(onHost) || laterOnHost;
        Path target = isDirectory ? tree.provideDirectory(bind.target()) : tree.provideFile(bind.target());
        tree.attach(bind.source(), target, bind.recursive(), bind.flags());
        tree.covered(target, laterOnHost ? new RootView.NewFilesystem() : new RootView.OfHost(bind.source()));
    }
}
