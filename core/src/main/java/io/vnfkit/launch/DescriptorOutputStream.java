package io.vnfkit.launch;

import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.Syscalls;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Writes to a descriptor and owns it. Thread-safe. */
final class DescriptorOutputStream extends OutputStream {

    private final Syscalls syscalls;
    private final int descriptor;
    private boolean closed;

    DescriptorOutputStream(Syscalls syscalls, int descriptor) {
        this.syscalls = syscalls;
        this.descriptor = descriptor;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] source, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("the stream is closed");
        }
        ByteBuffer bytes = ByteBuffer.wrap(source, offset, length);
        try {
            while (bytes.hasRemaining()) {
                syscalls.write(descriptor, bytes);
            }
        } catch (SystemCallException failure) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            syscalls.close(descriptor);
        }
    }
}
