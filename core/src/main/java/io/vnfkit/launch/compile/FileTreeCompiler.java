package io.vnfkit.launch.compile;

import io.vnfkit.launch.program.Argument;
import io.vnfkit.launch.program.Argument.Slot;
import io.vnfkit.launch.program.ProgramBuilder;
import io.vnfkit.launch.program.SyscallNumber;
import io.vnfkit.launch.step.FileTreeStep;
import io.vnfkit.launch.step.FileTreeStep.AttachFilesystem;
import io.vnfkit.launch.step.FileTreeStep.AttachTree;
import io.vnfkit.launch.step.FileTreeStep.BindInside;
import io.vnfkit.launch.step.FileTreeStep.Detach;
import io.vnfkit.launch.step.FileTreeStep.EnterRoot;
import io.vnfkit.launch.step.FileTreeStep.LeaveHostTree;
import io.vnfkit.launch.step.FileTreeStep.MakeDevice;
import io.vnfkit.launch.step.FileTreeStep.MakeDirectory;
import io.vnfkit.launch.step.FileTreeStep.MakeLink;
import io.vnfkit.launch.step.FileTreeStep.MountFilesystem;
import io.vnfkit.launch.step.FileTreeStep.RequireRealDirectory;
import io.vnfkit.launch.step.FileTreeStep.Restrict;
import io.vnfkit.launch.step.FileTreeStep.StopPropagation;
import io.vnfkit.launch.step.FileTreeStep.WriteFile;
import io.vnfkit.linux.Errno;
import io.vnfkit.unit.DeviceRule;
import java.nio.file.Path;

/** Mounts and files. */
final class FileTreeCompiler {

    private static final int FILE_MODE = 0444;

    private final Assembly assembly;
    private final ProgramBuilder builder;
    private final FileContents contents;

    FileTreeCompiler(Assembly assembly, FileContents contents) {
        this.assembly = assembly;
        this.builder = assembly.builder();
        this.contents = contents;
    }

    void compile(FileTreeStep step) {
        if (step instanceof StopPropagation) {
            mount(Argument.ZERO, Path.of("/"), Argument.ZERO, Kernel.MS_REC | Kernel.MS_SLAVE, Argument.ZERO);
            // Modes given in steps are meant as they are; the JVM's umask must not narrow them.
            assembly.call(SyscallNumber.UMASK, Argument.ZERO);
        } else if (step instanceof AttachTree attach) {
            attach(assembly.takeSlot(attach.source()), attach.target());
        } else if (step instanceof AttachFilesystem attach) {
            attach(assembly.takeSlot(attach.target()), attach.target());
        } else if (step instanceof MountFilesystem mount) {
            mount(builder.string(mount.source()), mount.target(), builder.string(mount.type()),
                    MountFlags.bits(mount.flags()), builder.string(mount.options()));
        } else if (step instanceof BindInside bind) {
            bind(bind);
        } else if (step instanceof Restrict restrict) {
            mount(Argument.ZERO, restrict.target(), Argument.ZERO,
                    Kernel.MS_REMOUNT | MountFlags.bits(restrict.flags()),
                    Argument.ZERO);
        } else if (step instanceof Detach detach) {
            assembly.call(SyscallNumber.UMOUNT2, assembly.path(detach.target()), Argument.of(Kernel.MNT_DETACH));
        } else {
            compileRootOrFile(step);
        }
    }

    private void compileRootOrFile(FileTreeStep step) {
        if (step instanceof EnterRoot enter) {
            enterRoot(enter.root());
        } else if (step instanceof LeaveHostTree) {
            leaveHostTree();
        } else if (step instanceof RequireRealDirectory require) {
            requireRealDirectory(require.path());
        } else if (step instanceof MakeDirectory make) {
            assembly.call(SyscallNumber.MKDIRAT, Argument.of(Kernel.AT_FDCWD), assembly.path(make.path()),
                    Argument.of(make.mode())).tolerating(Errno.EEXIST);
        } else if (step instanceof WriteFile write) {
            writeFile(write);
        } else if (step instanceof MakeLink link) {
            assembly.call(SyscallNumber.SYMLINKAT, builder.string(link.target()), Argument.of(Kernel.AT_FDCWD),
                    assembly.path(link.path()));
        } else if (step instanceof MakeDevice device) {
            makeDevice(device);
        } else {
            throw new IllegalStateException("no compiler for " + step);
        }
    }

    private void mount(Argument source, Path target, Argument type, long flags, Argument data) {
        assembly.call(SyscallNumber.MOUNT, source, assembly.path(target), type, Argument.of(flags), data);
    }

    private void attach(Slot tree, Path target) {
        assembly.call(SyscallNumber.MOVE_MOUNT, tree, builder.string(""), Argument.of(Kernel.AT_FDCWD),
                assembly.path(target), Argument.of(Kernel.MOVE_MOUNT_F_EMPTY_PATH));
        assembly.close(tree);
    }

    private void bind(BindInside bind) {
        mount(assembly.path(bind.source()), bind.target(), Argument.ZERO, Kernel.MS_BIND | Kernel.MS_REC,
                Argument.ZERO);
        if (!bind.flags().isEmpty()) {
            assembly.call(SyscallNumber.MOUNT_SETATTR, Argument.of(Kernel.AT_FDCWD), assembly.path(bind.target()),
                    Argument.of(Kernel.AT_RECURSIVE), MountFlags.attributes(assembly, bind.flags(), 0),
                    MountFlags.ATTRIBUTES_SIZE);
        }
    }

    private void enterRoot(Path root) {
        assembly.openInto(assembly.slot(EnterRoot.class), builder.string("/"), Kernel.O_PATH);
        assembly.call(SyscallNumber.CHDIR, assembly.path(root));
        // pivot_root(".", ".") puts the old root on top of the new one, out of sight: lookups start below it. See
        // pivot_root(2).
        assembly.call(SyscallNumber.PIVOT_ROOT, builder.string("."), builder.string("."));
        assembly.call(SyscallNumber.CHDIR, builder.string("/"));
    }

    private void leaveHostTree() {
        assembly.call(SyscallNumber.FCHDIR, assembly.slot(EnterRoot.class));
        assembly.call(SyscallNumber.UMOUNT2, builder.string("."), Argument.of(Kernel.MNT_DETACH));
        assembly.call(SyscallNumber.CHDIR, builder.string("/"));
        assembly.close(assembly.slot(EnterRoot.class));
    }

    private void requireRealDirectory(Path path) {
        // The trailing dot asks for a directory; O_DIRECTORY has another value on every architecture.
        assembly.call(SyscallNumber.OPENAT2, Argument.of(Kernel.AT_FDCWD), builder.string(path + "/."),
                assembly.structure(24, how -> how.putLong(Kernel.O_PATH | Kernel.O_CLOEXEC).putLong(0)
                        .putLong(Kernel.RESOLVE_NO_SYMLINKS)), Argument.of(24)).into(assembly.scratch());
        assembly.close(assembly.scratch());
    }

    private void writeFile(WriteFile step) {
        Slot file = assembly.slot(WriteFile.class);
        assembly.call(SyscallNumber.OPENAT, Argument.of(Kernel.AT_FDCWD), assembly.path(step.path()),
                Argument.of(Kernel.O_WRONLY | Kernel.O_CREAT | Kernel.O_CLOEXEC), Argument.of(FILE_MODE)).into(file);
        assembly.write(file, contents.render(step.content()));
        assembly.close(file);
    }

    private void makeDevice(MakeDevice device) {
        long type = device.type() == DeviceRule.Type.BLOCK ? Kernel.S_IFBLK : Kernel.S_IFCHR;
        // new_encode_dev of include/linux/kdev_t.h
        long number = device.minor() & 0xff | (long) device.major() << 8 | (device.minor() & ~0xffL) << 12;
        Argument path = assembly.path(device.path());
        assembly.call(SyscallNumber.MKNODAT, Argument.of(Kernel.AT_FDCWD), path, Argument.of(type | device.mode()),
                Argument.of(number));
        if (device.uid() != 0 || device.gid() != 0) {
            assembly.call(SyscallNumber.FCHOWNAT, Argument.of(Kernel.AT_FDCWD), path, Argument.of(device.uid()),
                    Argument.of(device.gid()), Argument.ZERO);
        }
    }
}
