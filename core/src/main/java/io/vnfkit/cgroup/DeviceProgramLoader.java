package io.vnfkit.cgroup;

import io.vnfkit.linux.Host;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.unit.DevicePolicy;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Loads device programs and attaches them to version 2 control groups. Needs CAP_BPF and CAP_NET_ADMIN, or
 * CAP_SYS_ADMIN, in the initial user namespace. Thread-safe.
 *
 * <p>Field offsets are those of {@code union bpf_attr} in include/uapi/linux/bpf.h, which are the same on all 64-bit
 * machines.
 */
final class DeviceProgramLoader {

    private static final int PROG_TYPE_CGROUP_DEVICE = 15;
    private static final int ATTACH_TYPE_CGROUP_DEVICE = 6;
    // ALLOW_MULTI keeps the programs of groups above in force, and lets others attach theirs below.
    private static final int ALLOW_MULTI = 2;
    private static final int REPLACE = 4;
    private static final int MAXIMUM_PROGRAMS = 64;
    private static final int ATTRIBUTES_SIZE = 128;
    private static final int LOG_SIZE = 1 << 16;
    private static final String NAME = "vnfkit_devices";

    private final Host host;

    DeviceProgramLoader(Host host) {
        this.host = host;
    }

    /** Puts a program in force, in one step in place of the one that is there. */
    void attach(Path cgroup, DevicePolicy policy) {
        int program = load(cgroup, policy);
        try {
            withDescriptor(cgroup, group -> attach(cgroup, group, program));
        } finally {
            // The attachment holds the program from now on.
            host.syscalls().close(program);
        }
    }

    /** Takes the program off, if there is one. */
    void detach(Path cgroup) {
        withDescriptor(cgroup, group -> {
            for (int id : programs(cgroup, group)) {
                int program = open(cgroup, id);
                try {
                    call(cgroup, "detach the device program", LinuxConstants.BPF_PROG_DETACH,
                            attributes().putInt(0, group).putInt(4, program).putInt(8, ATTACH_TYPE_CGROUP_DEVICE));
                } finally {
                    host.syscalls().close(program);
                }
            }
        });
    }

    private void attach(Path cgroup, int group, int program) {
        List<Integer> present = programs(cgroup, group);
        if (present.size() > 1) {
            throw new DeviceProgramException("cannot tell which of " + present.size() + " device programs to replace",
                    cgroup, "", null);
        }
        ByteBuffer attributes = attributes().putInt(0, group).putInt(4, program).putInt(8, ATTACH_TYPE_CGROUP_DEVICE);
        if (present.isEmpty()) {
            call(cgroup, "attach the device program", LinuxConstants.BPF_PROG_ATTACH,
                    attributes.putInt(12, ALLOW_MULTI));
            return;
        }
        int old = open(cgroup, present.get(0));
        try {
            call(cgroup, "replace the device program", LinuxConstants.BPF_PROG_ATTACH,
                    attributes.putInt(12, ALLOW_MULTI | REPLACE).putInt(16, old));
        } finally {
            host.syscalls().close(old);
        }
    }

    private int load(Path cgroup, DevicePolicy policy) {
        Syscalls kernel = host.syscalls();
        List<BpfInstruction> program = DeviceProgram.of(policy);
        ByteBuffer instructions = DeviceProgram.encode(program);
        ByteBuffer licence = text("Apache-2.0");
        ByteBuffer attributes = attributes()
                .putInt(0, PROG_TYPE_CGROUP_DEVICE)
                .putInt(4, program.size())
                .putLong(8, kernel.addressOf(instructions))
                .putLong(16, kernel.addressOf(licence));
        for (int i = 0; i < NAME.length(); i++) {
            attributes.put(48 + i, (byte) NAME.charAt(i));
        }
        try {
            return kernel.bpf(LinuxConstants.BPF_PROG_LOAD, attributes);
        } catch (SystemCallException refusal) {
            // Only now with a log: the verifier is faster without, and a log buffer that is too small is an error of
            // its own.
            throw new DeviceProgramException("cannot load the device program \"" + policy + "\"", cgroup,
                    verifierLog(attributes), refusal);
        } finally {
            Reference.reachabilityFence(instructions);
            Reference.reachabilityFence(licence);
        }
    }

    private String verifierLog(ByteBuffer attributes) {
        ByteBuffer log = ByteBuffer.allocateDirect(LOG_SIZE);
        attributes.putInt(24, 1).putInt(28, LOG_SIZE).putLong(32, host.syscalls().addressOf(log));
        try {
            host.syscalls().close(host.syscalls().bpf(LinuxConstants.BPF_PROG_LOAD, attributes));
        } catch (SystemCallException expected) {
            byte[] text = new byte[LOG_SIZE];
            log.get(text);
            return new String(text, StandardCharsets.US_ASCII).trim();
        } finally {
            Reference.reachabilityFence(log);
        }
        return "";
    }

    private List<Integer> programs(Path cgroup, int group) {
        ByteBuffer ids = ByteBuffer.allocateDirect(4 * MAXIMUM_PROGRAMS).order(ByteOrder.nativeOrder());
        ByteBuffer attributes = attributes()
                .putInt(0, group)
                .putInt(4, ATTACH_TYPE_CGROUP_DEVICE)
                .putLong(16, host.syscalls().addressOf(ids))
                .putInt(24, MAXIMUM_PROGRAMS);
        call(cgroup, "list the device programs", LinuxConstants.BPF_PROG_QUERY, attributes);
        Reference.reachabilityFence(ids);
        return IntStream.range(0, attributes.getInt(24)).mapToObj(i -> ids.getInt(4 * i)).toList();
    }

    private int open(Path cgroup, int id) {
        return call(cgroup, "open the device program " + id, LinuxConstants.BPF_PROG_GET_FD_BY_ID,
                attributes().putInt(0, id));
    }

    private int call(Path cgroup, String what, int command, ByteBuffer attributes) {
        try {
            return host.syscalls().bpf(command, attributes);
        } catch (SystemCallException refusal) {
            throw new DeviceProgramException("cannot " + what, cgroup, "", refusal);
        }
    }

    private interface GroupAction {
        void run(int group);
    }

    private void withDescriptor(Path cgroup, GroupAction action) {
        int group = host.syscalls().open(host.files().resolve(cgroup), LinuxConstants.O_RDONLY, 0);
        try {
            action.run(group);
        } finally {
            host.syscalls().close(group);
        }
    }

    private static ByteBuffer attributes() {
        return ByteBuffer.allocateDirect(ATTRIBUTES_SIZE).order(ByteOrder.nativeOrder());
    }

    private static ByteBuffer text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        // A new direct buffer is zero, which makes the terminator.
        return ByteBuffer.allocateDirect(bytes.length + 1).put(bytes).rewind();
    }
}
