package io.vnfkit.dpdk;

import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What DPDK prints: read from a pipe by a daemon thread, passed on to slf4j, and the last lines kept for an exception.
 * The thread ends when DPDK's end of the pipe is closed.
 */
final class EalLog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("io.vnfkit.dpdk.eal");
    private static final int KEPT_LINES = 40;
    private static final int BUFFER = 8192;

    private final Syscalls syscalls;
    private final Syscalls.Pipe pipe;
    private final Deque<String> last = new ArrayDeque<>();
    private final StringBuilder unfinished = new StringBuilder();
    private final Thread reader;
    private boolean writeEndIsOpen = true;

    EalLog(Syscalls syscalls) {
        this.syscalls = syscalls;
        this.pipe = syscalls.pipe();
        this.reader = new Thread(this::readAll, "vnfkit-dpdk-log");
        reader.setDaemon(true);
        reader.start();
    }

    int descriptor() {
        return pipe.writeEnd();
    }

    private void readAll() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        try {
            while (syscalls.read(pipe.readEnd(), buffer.clear()) > 0) {
                take(StandardCharsets.UTF_8.decode(buffer.flip()).toString());
            }
        } catch (SystemCallException failure) {
            LOG.warn("no more log lines of DPDK can be read", failure);
        } finally {
            syscalls.close(pipe.readEnd());
        }
    }

    private synchronized void take(String text) {
        unfinished.append(text);
        for (int end = unfinished.indexOf("\n"); end >= 0; end = unfinished.indexOf("\n")) {
            String line = unfinished.substring(0, end).strip();
            unfinished.delete(0, end + 1);
            if (!line.isEmpty()) {
                pass(line);
            }
        }
    }

    private void pass(String line) {
        // DPDK does not write the level into the line. What it calls an error says so in words, as a rule.
        LOG.info("{}", line);
        last.addLast(line);
        if (last.size() > KEPT_LINES) {
            last.removeFirst();
        }
    }

    /** The end for writing is the core's own copy from now on; or nobody's, if it never took one. */
    synchronized void handedOver() {
        if (writeEndIsOpen) {
            writeEndIsOpen = false;
            syscalls.close(pipe.writeEnd());
        }
    }

    /** The last lines. */
    synchronized List<String> lines() {
        return List.copyOf(last);
    }

    @Override
    public void close() {
        handedOver();
    }
}
