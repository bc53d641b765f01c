package io.vnfkit.launch;

import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.Syscalls;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Writes to a descriptor and owns it. Thread-safe. */
final class DescriptorOutputStream extends OutputStream {

    /** As much as a pipe holds. The bytes are copied out of the heap for the call. */
    private static final int PART = 1 << 16;

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
        try {
            for (int written = 0; written < length; ) {
                written += syscalls.write(descriptor, ByteBuffer.wrap(source, offset + written, Math.min(length - written, PART)));
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
