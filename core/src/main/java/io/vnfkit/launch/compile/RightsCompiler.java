package io.vnfkit.launch.compile;

import io.vnfkit.launch.program.Argument;
import io.vnfkit.launch.program.Argument.Data;
import io.vnfkit.launch.program.Label;
import io.vnfkit.launch.program.ProgramBuilder;
import io.vnfkit.launch.program.SyscallNumber;
import io.vnfkit.launch.step.RightsStep;
import io.vnfkit.launch.step.RightsStep.BecomeInit;
import io.vnfkit.launch.step.RightsStep.BecomeUser;
import io.vnfkit.launch.step.RightsStep.EnterWorkingDirectory;
import io.vnfkit.launch.step.RightsStep.Execute;
import io.vnfkit.launch.step.RightsStep.Finish;
import io.vnfkit.launch.step.RightsStep.NoNewPrivileges;
import io.vnfkit.launch.step.RightsStep.SetMemoryPolicy;
import io.vnfkit.linux.Errno;
import io.vnfkit.security.Capability;
import io.vnfkit.security.CapabilitySets;
import io.vnfkit.security.MemoryPolicy;
import io.vnfkit.security.UserIdentity;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/** Rights, and the program itself. */
final class RightsCompiler {

    private static final int UMASK = 0022;
    private static final int PATH_MAX = 4096;
    /** Capabilities are 64 bits; those that this kernel does not know are refused with EINVAL. */
    private static final int CAPABILITY_BITS = 64;
    private static final int NODE_BITS = 1024;
    private static final int EXEC_FAILED = 125;

    private final Assembly assembly;
    private final ProgramBuilder builder;

    RightsCompiler(Assembly assembly) {
        this.assembly = assembly;
        this.builder = assembly.builder();
    }

    void compile(RightsStep step) {
        if (step instanceof SetMemoryPolicy policy) {
            setMemoryPolicy(policy.policy());
        } else if (step instanceof EnterWorkingDirectory directory) {
            enterWorkingDirectory(directory);
        } else if (step instanceof NoNewPrivileges) {
            prctl(Kernel.PR_SET_NO_NEW_PRIVS, 1, 0);
        } else if (step instanceof BecomeUser become) {
            becomeUser(become.user(), become.capabilities());
        } else if (step instanceof BecomeInit) {
            becomeInit();
        } else if (step instanceof Execute execute) {
            execute(execute);
        } else if (step instanceof Finish) {
            builder.exit(0);
        } else {
            throw new IllegalStateException("no compiler for " + step);
        }
    }

    private ProgramBuilder prctl(long option, long value, long third) {
        return assembly.call(SyscallNumber.PRCTL, Argument.of(option), Argument.of(value), Argument.of(third),
                Argument.ZERO,
                Argument.ZERO);
    }

    private void setMemoryPolicy(MemoryPolicy policy) {
        byte[] mask = new byte[NODE_BITS / 8];
        policy.nodes().stream().forEach(node -> mask[node / 8] |= (byte) (1 << node % 8));
        // The kernel takes one bit less than it is told: get_nodes() in mm/mempolicy.c.
        assembly.call(SyscallNumber.SET_MEMPOLICY, Argument.of(policy.mode().ordinal()), builder.data().bytes(mask),
                Argument.of(NODE_BITS + 1));
    }

    private void enterWorkingDirectory(EnterWorkingDirectory step) {
        assembly.call(SyscallNumber.UMASK, Argument.of(UMASK));
        assembly.call(SyscallNumber.CHDIR, assembly.path(step.path()));
        Data path = builder.data().buffer(PATH_MAX);
        assembly.call(SyscallNumber.GETCWD, path, Argument.of(PATH_MAX));
        // A directory outside the root reads "(unreachable)...".
        builder.expect(path, Integer.BYTES, 0xff, Argument.of('/'), Errno.ENOENT);
    }

    private void becomeUser(UserIdentity user, CapabilitySets sets) {
        dropFromBoundingSet(sets.bounding());
        if (user.uid() != 0) {
            prctl(Kernel.PR_SET_KEEPCAPS, 1, 0);
        }
        Data groups = assembly.structure(Math.max(4, user.groups().size() * 4), fields ->
                user.groups().forEach(group -> fields.putInt(group.intValue())));
        assembly.call(SyscallNumber.SETGROUPS, Argument.of(user.groups().size()), groups);
        Argument gid = Argument.of(user.gid());
        assembly.call(SyscallNumber.SETRESGID, gid, gid, gid);
        Argument uid = Argument.of(user.uid());
        assembly.call(SyscallNumber.SETRESUID, uid, uid, uid);
        setCapabilities(sets);
        // Changes of credentials have cleared it.
        prctl(Kernel.PR_SET_PDEATHSIG, Kernel.SIGKILL, 0);
    }

    private void dropFromBoundingSet(Set<Capability> kept) {
        long mask = CapabilitySets.mask(kept);
        for (int capability = 0; capability < CAPABILITY_BITS; capability++) {
            if ((mask >>> capability & 1) == 0) {
                prctl(Kernel.PR_CAPBSET_DROP, capability, 0).tolerating(Errno.EINVAL);
            }
        }
    }

    private void setCapabilities(CapabilitySets sets) {
        Data header = assembly.structure(8, fields -> fields.putInt(Kernel.LINUX_CAPABILITY_VERSION_3).putInt(0));
        long effective = CapabilitySets.mask(sets.effective());
        long permitted = CapabilitySets.mask(sets.permitted());
        long inheritable = CapabilitySets.mask(sets.inheritable());
        Data masks = assembly.structure(24, fields -> {
            putHalf(fields, effective, permitted, inheritable, 0);
            putHalf(fields, effective, permitted, inheritable, 32);
        });
        assembly.call(SyscallNumber.CAPSET, header, masks);
        prctl(Kernel.PR_CAP_AMBIENT, Kernel.PR_CAP_AMBIENT_CLEAR_ALL, 0);
        for (Capability capability : sets.ambient().stream().sorted().toList()) {
            prctl(Kernel.PR_CAP_AMBIENT, Kernel.PR_CAP_AMBIENT_RAISE, capability.number());
        }
    }

    private static void putHalf(ByteBuffer fields, long effective, long permitted, long inheritable, int shift) {
        fields.putInt((int) (effective >>> shift)).putInt((int) (permitted >>> shift))
                .putInt((int) (inheritable >>> shift));
    }

    private void becomeInit() {
        Label command = builder.label();
        builder.cloneChild(0, command).into(assembly.slot(BecomeInit.class));
        builder.superviseAsFirstProcess();
        builder.bind(command);
        prctl(Kernel.PR_SET_PDEATHSIG, Kernel.SIGKILL, 0);
    }

    private void execute(Execute execute) {
        List<String> environment = execute.environment().entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue()).toList();
        builder.clearSignals().closeFrom(3)
                .exec(execute.program().toString(), execute.arguments(), environment)
                .exit(EXEC_FAILED);
    }
}
