package io.vnfkit.linux;

import io.vnfkit.linux.Syscalls.Pipe;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Descriptors that a test opens, closed together at its end. */
final class Descriptors implements AutoCloseable {

    private final Syscalls kernel;
    private final List<Integer> open = new ArrayList<>();

    Descriptors(Syscalls kernel) {
        this.kernel = kernel;
    }

    int keep(int descriptor) {
        open.add(descriptor);
        return descriptor;
    }

    int open(Path path, int flags) {
        return keep(kernel.open(path, flags, 0600));
    }

    /** A duplicate with a number that lies above those that a spawned child gets. */
    int forChild(int descriptor) {
        return keep(kernel.duplicate(descriptor, 100));
    }

    Pipe pipe() {
        Pipe pipe = kernel.pipe();
        keep(pipe.readEnd());
        keep(pipe.writeEnd());
        return pipe;
    }

    void closeNow(int descriptor) {
        kernel.close(descriptor);
        open.remove((Integer) descriptor);
    }

    /** What one read gives, as text. */
    String read(int descriptor) {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        kernel.read(descriptor, buffer);
        return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
    }

    @Override
    public void close() {
        open.forEach(kernel::close);
    }
}
