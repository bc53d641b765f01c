package io.vnfkit.launch;

import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.Syscalls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads from a descriptor and owns it. Reading from one thread at a time; closing from any. */
final class DescriptorInputStream extends InputStream {

    private static final int BUFFER = 8192;
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final Syscalls syscalls;
    private final int descriptor;
    /** Made for the first read: a VNF keeps two of these streams, and its owner may read neither. */
    private ByteBuffer buffer = NONE;
    private boolean reading;
    private boolean closed;

    DescriptorInputStream(Syscalls syscalls, int descriptor) {
        this.syscalls = syscalls;
        this.descriptor = descriptor;
    }

    @Override
    public int read() throws IOException {
        return fill() ? buffer.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, buffer.remaining());
        buffer.get(target, offset, count);
        return count;
    }

    @Override
    public int available() {
        return buffer.remaining();
    }

    private boolean fill() throws IOException {
        begin();
        try {
            if (!buffer.hasRemaining()) {
                refill();
            }
            return buffer.hasRemaining();
        } finally {
            end();
        }
    }

    private void refill() throws IOException {
        if (buffer == NONE) {
            buffer = ByteBuffer.allocateDirect(BUFFER);
        }
        buffer.clear();
        try {
            syscalls.read(descriptor, buffer);
        } catch (SystemCallException failure) {
            throw new IOException(failure.getMessage(), failure);
        } finally {
            buffer.flip();
        }
    }

    private synchronized void begin() throws IOException {
        if (closed) {
            throw new IOException("the stream is closed");
        }
        reading = true;
    }

    /** The kernel gives the number of a closed descriptor anew: it may be closed only when nobody is about to read from it. */
    private synchronized void end() {
        reading = false;
        if (closed) {
            syscalls.close(descriptor);
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (!reading) {
            syscalls.close(descriptor);
        }
    }
}
