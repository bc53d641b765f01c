package io.vnfkit.cgroup;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.KernelFileException;
import io.vnfkit.linux.KernelFileException.Operation;
import io.vnfkit.linux.SystemCallException;
import java.nio.file.Path;

/** Says what the kernel means by an errno when it comes from a file of a control group. */
final class CgroupHints {

    private CgroupHints() {}

    static KernelFileException of(KernelFileException failure) {
        String file = failure.path().getFileName().toString();
        return explained(failure.operation(), failure.path(), failure.value().orElse(null), failure.number(),
                writing(file, failure.errno(), failure.hint()), failure);
    }

    static KernelFileException creating(Path directory, SystemCallException failure) {
        return explained(Operation.MKDIR, directory, null, failure.number(),
                creating(failure.errno(), failure.hint()), failure);
    }

    static KernelFileException removing(Path directory, SystemCallException failure, String hint) {
        return explained(Operation.RMDIR, directory, null, failure.number(), hint, failure);
    }

    private static KernelFileException explained(Operation operation, Path path, String value, int number, String hint,
            Throwable cause) {
        KernelFileException exception = new KernelFileException(operation, path, value, number, hint);
        exception.initCause(cause);
        return exception;
    }

    private static String creating(Errno errno, String otherwise) {
        return switch (errno) {
            case EEXIST -> "the group exists: a VNF of this name runs, or one left it behind";
            case EACCES, EPERM -> "run as root, or name a parent group that was delegated to you";
            case EROFS -> "the hierarchy is mounted read-only here";
            case EAGAIN -> "cgroup.max.depth or cgroup.max.descendants of a group above does not allow more";
            case ENOENT -> "the parent group was removed meanwhile";
            default -> otherwise;
        };
    }

    private static String writing(String file, Errno errno, String otherwise) {
        if (errno == Errno.ENOENT) {
            return "the controller is not enabled for this group, or the kernel is older than the file";
        }
        if (errno == Errno.ENODEV) {
            return "the group was removed meanwhile";
        }
        if (file.equals("cgroup.subtree_control")) {
            return enabling(errno, otherwise);
        }
        if (file.equals("devices.allow") || file.equals("devices.deny")) {
            return devices(errno, otherwise);
        }
        if (file.startsWith("hugetlb.")) {
            return errno == Errno.EBUSY ? "more than the new limit is in use: free huge pages first" : otherwise;
        }
        boolean cpuset = file.startsWith("cpuset.") || file.equals("cpus") || file.equals("mems");
        return cpuset ? cpuset(errno, otherwise) : otherwise;
    }

    private static String enabling(Errno errno, String otherwise) {
        return switch (errno) {
            case EBUSY -> "the group has processes of its own; they must move to a group below it";
            case EOPNOTSUPP -> "the group is threaded, which this controller does not support";
            default -> otherwise;
        };
    }

    private static String devices(Errno errno, String otherwise) {
        return switch (errno) {
            case EPERM -> "the parent group does not allow it, or this process lacks CAP_SYS_ADMIN";
            case EINVAL -> "the kernel does not take this rule, or the default shall change and there are child groups";
            default -> otherwise;
        };
    }

    private static String cpuset(Errno errno, String otherwise) {
        return switch (errno) {
            case EACCES -> "the parent group does not have it";
            case EINVAL -> "a group beside it has it exclusively, or a child group still uses what is taken away";
            case ENOSPC -> "processes are in the group, which therefore needs at least one CPU and node";
            case ENODEV, ERANGE -> "the host does not have it";
            case EBUSY -> "a deadline task in the group needs the CPUs";
            default -> otherwise;
        };
    }
}
