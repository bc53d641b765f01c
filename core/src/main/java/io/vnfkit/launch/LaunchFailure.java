package io.vnfkit.launch;

import io.vnfkit.LaunchException;
import io.vnfkit.launch.program.Opcode;
import io.vnfkit.launch.program.Report;
import io.vnfkit.launch.step.FileTreeStep;
import io.vnfkit.launch.step.HostStep;
import io.vnfkit.launch.step.IsolationStep;
import io.vnfkit.launch.step.NetworkStep;
import io.vnfkit.launch.step.RightsStep;
import io.vnfkit.launch.step.Step;
import io.vnfkit.launch.step.SupervisorStep;
import io.vnfkit.linux.Errno;
import io.vnfkit.linux.KernelException;
import java.nio.file.Path;

/** Explains failed launches: which step, which errno, and what to do about it. */
final class LaunchFailure {

    private LaunchFailure() {}

    static LaunchException ofHostStep(LaunchPlan plan, int number, RuntimeException cause) {
        Errno errno = cause instanceof KernelException refusal ? refusal.errno() : null;
        return new LaunchException(plan, number, errno, cause.getMessage(), cause);
    }

    static LaunchException ofForeignGroup(LaunchPlan plan, int number, Path directory) {
        return new LaunchException(plan, number, Errno.EEXIST, "the control group exists, and vnfkit did not make it: remove it"
                + " (rmdir " + directory + ") if nobody needs it, or give the VNF another name or parent group", null);
    }

    static LaunchException ofSpawn(LaunchPlan plan, KernelException refusal) {
        return new LaunchException(plan, 0, refusal.errno(),
                "its init could not be started with its standard streams: " + refusal.getMessage(), refusal);
    }

    static LaunchException ofReport(LaunchPlan plan, Report.Failed failed) {
        if (failed.instruction().isEmpty()) {
            return new LaunchException(plan, 0, failed.error(),
                    "the init refused the launch program: " + text(failed) + ", detail " + failed.value(), null);
        }
        String what = " [" + failed.opcode().map(Opcode::name).orElse("instruction") + " " + failed.instruction().getAsInt() + "]";
        if (failed.step() < 1 || failed.step() > plan.steps().size()) {
            // What the init does before the plan's first step, or a program that was damaged.
            return new LaunchException(plan, 0, failed.error(), "outside of the plan's steps: " + text(failed) + what, null);
        }
        String hint = hint(plan.step(failed.step()), failed.error());
        return new LaunchException(plan, failed.step(), failed.error(),
                text(failed) + (hint.isEmpty() ? "" : ": " + hint) + what, null);
    }

    static LaunchException withoutReport(LaunchPlan plan, int exitCode) {
        return new LaunchException(plan, 0, null, "the init ended with code " + exitCode
                + " before it reported; it may have been killed, for instance for lack of memory", null);
    }

    private static String text(Report.Failed failed) {
        Errno errno = failed.error();
        return errno == Errno.UNKNOWN ? "errno " + failed.errno() : errno + " (" + failed.errno() + ", " + errno.text() + ")";
    }

    private static String hint(Step step, Errno errno) {
        if (step instanceof RightsStep.Execute execute) {
            return executeHint(execute, errno);
        }
        if (step instanceof FileTreeStep) {
            return fileTreeHint(step, errno);
        }
        if (step instanceof SupervisorStep || step instanceof NetworkStep) {
            return supervisorHint(step, errno);
        }
        if (step instanceof IsolationStep.JoinCgroup && errno == Errno.ENOSPC) {
            return "cpuset.cpus or cpuset.mems of the group is empty";
        }
        if (step instanceof IsolationStep.NewSessionKeyring && errno == Errno.EDQUOT) {
            return "the user has too many keys: raise /proc/sys/kernel/keys/root_maxkeys";
        }
        if (step instanceof HostStep || errno != Errno.EPERM) {
            return "";
        }
        return "the JVM needs root's capabilities in the initial user namespace";
    }

    private static String executeHint(RightsStep.Execute execute, Errno errno) {
        return switch (errno) {
            case ENOENT -> "the program, or the interpreter or dynamic loader that it names, is missing in the root file system";
            case ENOEXEC -> execute.program() + " is not built for this processor, or a script without #!";
            case E2BIG -> "one argument or variable is longer than 128 KiB, or all of them together are longer than a quarter of"
                    + " the stack limit";
            case EACCES -> execute.program() + " is not executable for the VNF's user, or its file system is mounted noexec";
            default -> "";
        };
    }

    private static String fileTreeHint(Step step, Errno errno) {
        if (step instanceof FileTreeStep.RequireRealDirectory && errno == Errno.ELOOP) {
            return "it is a symbolic link, which could lead the mount elsewhere; make it a directory";
        }
        return switch (errno) {
            case ENOENT -> "the path does not exist in the VNF's root";
            case EPERM -> "mounting needs CAP_SYS_ADMIN; in a user namespace of its own a VNF can mount only some file systems";
            case ENODEV -> "the kernel does not know this file system type";
            case EINVAL -> "the kernel refused an option or flag of the mount";
            case ENOMEM -> "for hugetlbfs: there are not enough free pages for min_size";
            default -> "";
        };
    }

    private static String supervisorHint(Step step, Errno errno) {
        if (step instanceof SupervisorStep.SetResourceLimit && errno == Errno.EPERM) {
            return "raising a hard limit needs CAP_SYS_RESOURCE";
        }
        boolean placing = step instanceof SupervisorStep.PlaceInterface || step instanceof NetworkStep.RequireUnusedName;
        if (placing && errno == Errno.EEXIST) {
            return "an interface of that name exists in the other namespace";
        }
        return errno == Errno.EPERM ? "the JVM needs root's capabilities in the initial user namespace" : "";
    }
}
