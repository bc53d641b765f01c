package io.vnfkit.launch.compile;

import io.vnfkit.launch.program.Argument;
import io.vnfkit.launch.program.ProgramBuilder;
import io.vnfkit.launch.program.SyscallNumber;
import io.vnfkit.launch.step.IsolationStep;
import io.vnfkit.launch.step.IsolationStep.AwaitSupervisor;
import io.vnfkit.launch.step.IsolationStep.BecomeNamespaceRoot;
import io.vnfkit.launch.step.IsolationStep.DieWithSupervisor;
import io.vnfkit.launch.step.IsolationStep.HideFromTracers;
import io.vnfkit.launch.step.IsolationStep.JoinCgroup;
import io.vnfkit.launch.step.IsolationStep.JoinNamespace;
import io.vnfkit.launch.step.IsolationStep.NewNamespaces;
import io.vnfkit.launch.step.IsolationStep.NewSession;
import io.vnfkit.launch.step.IsolationStep.NewSessionKeyring;
import io.vnfkit.launch.step.IsolationStep.ResetAffinity;
import io.vnfkit.launch.step.IsolationStep.SetDomainname;
import io.vnfkit.launch.step.IsolationStep.SetHostname;
import io.vnfkit.linux.Errno;
import io.vnfkit.namespace.NamespaceKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Control groups and namespaces. */
final class IsolationCompiler {

    /** Octets of a CPU mask for CpuSet.MAXIMUM + 1 CPUs. */
    private static final int AFFINITY_OCTETS = 1024;

    private final Assembly assembly;
    private final ProgramBuilder builder;

    IsolationCompiler(Assembly assembly) {
        this.assembly = assembly;
        this.builder = assembly.builder();
    }

    void compile(IsolationStep step) {
        if (step instanceof HideFromTracers) {
            prctl(Kernel.PR_SET_DUMPABLE, 0);
        } else if (step instanceof DieWithSupervisor) {
            prctl(Kernel.PR_SET_PDEATHSIG, Kernel.SIGKILL);
        } else if (step instanceof NewSession) {
            assembly.call(SyscallNumber.SETSID);
        } else if (step instanceof NewSessionKeyring) {
            // Kernels without keyrings have nothing to leak.
            assembly.call(SyscallNumber.KEYCTL, Argument.of(Kernel.KEYCTL_JOIN_SESSION_KEYRING), Argument.ZERO)
                    .tolerating(Errno.ENOSYS);
        } else if (step instanceof JoinCgroup join) {
            assembly.write(assembly.slot(join.directory()), "0");
            assembly.close(assembly.slot(join.directory()));
        } else if (step instanceof ResetAffinity) {
            resetAffinity();
        } else if (step instanceof AwaitSupervisor) {
            builder.barrier();
        } else {
            compileNamespaceStep(step);
        }
    }

    private void compileNamespaceStep(IsolationStep step) {
        if (step instanceof BecomeNamespaceRoot) {
            becomeNamespaceRoot();
        } else if (step instanceof JoinNamespace join) {
            assembly.call(SyscallNumber.SETNS, assembly.slot(join.kind()), Argument.of(join.kind().cloneFlag()));
            assembly.close(assembly.slot(join.kind()));
        } else if (step instanceof NewNamespaces fresh) {
            long flags = fresh.kinds().stream().mapToLong(NamespaceKind::cloneFlag).reduce(0, (a, b) -> a | b);
            assembly.call(SyscallNumber.UNSHARE, Argument.of(flags));
        } else if (step instanceof SetHostname name) {
            setName(SyscallNumber.SETHOSTNAME, name.name());
        } else if (step instanceof SetDomainname name) {
            setName(SyscallNumber.SETDOMAINNAME, name.name());
        } else {
            throw new IllegalStateException("no compiler for " + step);
        }
    }

    private void prctl(long option, long value) {
        assembly.call(SyscallNumber.PRCTL, Argument.of(option), Argument.of(value), Argument.ZERO, Argument.ZERO,
                Argument.ZERO);
    }

    private void resetAffinity() {
        byte[] all = new byte[AFFINITY_OCTETS];
        Arrays.fill(all, (byte) 0xff);
        assembly.call(SyscallNumber.SCHED_SETAFFINITY, Argument.ZERO, Argument.of(all.length), builder.data()
                .bytes(all));
    }

    private void becomeNamespaceRoot() {
        assembly.call(SyscallNumber.SETRESGID, Argument.ZERO, Argument.ZERO, Argument.ZERO);
        assembly.call(SyscallNumber.SETRESUID, Argument.ZERO, Argument.ZERO, Argument.ZERO);
        // A change of credentials clears the parent-death signal.
        prctl(Kernel.PR_SET_PDEATHSIG, Kernel.SIGKILL);
    }

    private void setName(SyscallNumber call, String name) {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        assembly.call(call, builder.string(name), Argument.of(length));
    }
}
