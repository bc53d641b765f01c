package io.vnfkit.launch.compile;

import io.vnfkit.launch.program.Argument;
import io.vnfkit.launch.program.Argument.Data;
import io.vnfkit.launch.program.Argument.Slot;
import io.vnfkit.launch.program.ProgramBuilder;
import io.vnfkit.launch.program.SyscallNumber;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;

/** A program under construction, and the slots that its steps share: what the supervisor opens, the VNF's process uses. */
final class Assembly {

    private final ProgramBuilder builder;
    private final Map<Object, Slot> slots = new HashMap<>();
    private final Map<Object, Queue<Slot>> waiting = new HashMap<>();
    private final Slot scratch;

    Assembly(ProgramBuilder builder) {
        this.builder = builder;
        this.scratch = builder.slot();
    }

    ProgramBuilder builder() {
        return builder;
    }

    /** A slot for a result that is used up at once. */
    Slot scratch() {
        return scratch;
    }

    /** A slot that stands for something; the same for equal keys. */
    Slot slot(Object key) {
        return slots.computeIfAbsent(key, ignored -> builder.slot());
    }

    /** A slot for something that a later step takes with {@link #takeSlot}. Several can wait under equal keys. */
    Slot putSlot(Object key) {
        Slot slot = builder.slot();
        waiting.computeIfAbsent(key, ignored -> new ArrayDeque<>()).add(slot);
        return slot;
    }

    /** The slot that was put first under a key and is not taken yet. */
    Slot takeSlot(Object key) {
        Queue<Slot> slotsOfKey = waiting.get(key);
        if (slotsOfKey == null || slotsOfKey.isEmpty()) {
            throw new IllegalArgumentException("the plan uses " + key + " and no step before has opened it");
        }
        return slotsOfKey.remove();
    }

    ProgramBuilder call(SyscallNumber number, Argument... arguments) {
        return builder.syscall(number, arguments);
    }

    Argument path(Path path) {
        return builder.string(path.toString());
    }

    /** A structure of the kernel, little endian. */
    Data structure(int size, Consumer<ByteBuffer> fill) {
        ByteBuffer fields = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        fill.accept(fields);
        return builder.data().bytes(fields.array());
    }

    void openInto(Slot slot, Argument path, long flags) {
        call(SyscallNumber.OPENAT, Argument.of(Kernel.AT_FDCWD), path, Argument.of(flags | Kernel.O_CLOEXEC), Argument.ZERO)
                .into(slot);
    }

    void close(Slot slot) {
        call(SyscallNumber.CLOSE, slot);
    }

    /** Writes a text to a descriptor in one call. */
    void write(Slot descriptor, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0) {
            return;
        }
        Data content = builder.data().bytes(bytes);
        call(SyscallNumber.WRITE, descriptor, content, Argument.of(bytes.length)).into(scratch);
        // A short write would leave a truncated file that looks complete.
        builder.expect(scratch, -1, Argument.of(bytes.length), io.vnfkit.linux.Errno.ENOSPC);
    }
}
