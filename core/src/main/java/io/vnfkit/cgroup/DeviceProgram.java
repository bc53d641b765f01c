package io.vnfkit.cgroup;

import io.vnfkit.unit.DevicePolicy;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.DeviceRule.Access;
import io.vnfkit.unit.DeviceRule.Type;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A device policy as an eBPF program of type BPF_PROG_TYPE_CGROUP_DEVICE. It decides exactly as {@link
 * DevicePolicy#permits}, which is how version 1 decides.
 *
 * <p>The kernel passes {@code struct bpf_cgroup_dev_ctx}: {@code access_type} holds the access in its upper and the
 * type in its lower half, then come major and minor number. The program returns 1 to allow. It calls no function of the
 * kernel and uses no map, so that its licence is of no concern.
 */
final class DeviceProgram {

    /** BPF_DEVCG_DEV_BLOCK. */
    static final int BLOCK = 1;
    /** BPF_DEVCG_DEV_CHAR. */
    static final int CHARACTER = 2;

    private static final int RESULT = 0;
    private static final int CONTEXT = 1;
    // The context is not needed after the prologue, so its register serves for intermediate results.
    private static final int SCRATCH = 1;
    private static final int TYPE = 2;
    private static final int ACCESS = 3;
    private static final int MAJOR = 4;
    private static final int MINOR = 5;

    private DeviceProgram() {}

    static List<BpfInstruction> of(DevicePolicy policy) {
        List<BpfInstruction> program = new ArrayList<>();
        program.add(BpfInstruction.loadWord(TYPE, CONTEXT, 0));
        program.add(BpfInstruction.move(ACCESS, TYPE));
        program.add(BpfInstruction.and(TYPE, 0xffff));
        program.add(BpfInstruction.shiftRight(ACCESS, 16));
        program.add(BpfInstruction.loadWord(MAJOR, CONTEXT, 4));
        program.add(BpfInstruction.loadWord(MINOR, CONTEXT, 8));
        policy.exceptions().forEach(rule -> program.addAll(exception(rule, policy.allowsByDefault())));
        program.add(BpfInstruction.set(RESULT, policy.allowsByDefault() ? 1 : 0));
        program.add(BpfInstruction.exit());
        return program;
    }

    /** Decides and ends, or falls through to the next exception. */
    private static List<BpfInstruction> exception(DeviceRule rule, boolean denies) {
        List<BpfInstruction> block = new ArrayList<>();
        block.add(BpfInstruction.jumpIfNot(TYPE, rule.type() == Type.BLOCK ? BLOCK : CHARACTER));
        rule.major().ifPresent(major -> block.add(BpfInstruction.jumpIfNot(MAJOR, major)));
        rule.minor().ifPresent(minor -> block.add(BpfInstruction.jumpIfNot(MINOR, minor)));
        block.add(BpfInstruction.move(SCRATCH, ACCESS));
        block.add(BpfInstruction.and(SCRATCH, bits(rule.access())));
        // An allowing rule must cover the whole request, a denying one need only touch it.
        block.add(denies ? BpfInstruction.jumpIf(SCRATCH, 0) : BpfInstruction.jumpIfDifferent(SCRATCH, ACCESS));
        block.add(BpfInstruction.set(RESULT, denies ? 0 : 1));
        block.add(BpfInstruction.exit());
        for (int i = 0; i < block.size(); i++) {
            if (block.get(i).isJump()) {
                block.set(i, block.get(i).jumpingBy(block.size() - i - 1));
            }
        }
        return block;
    }

    /** BPF_DEVCG_ACC_MKNOD, READ and WRITE. */
    static int bits(Set<Access> access) {
        return (access.contains(Access.MKNOD) ? 1 : 0)
                | (access.contains(Access.READ) ? 2 : 0)
                | (access.contains(Access.WRITE) ? 4 : 0);
    }

    /** The program as the kernel wants it, in a direct buffer. */
    static ByteBuffer encode(List<BpfInstruction> program) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(program.size() * BpfInstruction.SIZE)
                .order(ByteOrder.nativeOrder());
        program.forEach(instruction -> instruction.encode(bytes));
        return bytes.flip();
    }
}
