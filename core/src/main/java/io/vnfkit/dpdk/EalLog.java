package io.vnfkit.dpdk;

import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.Syscalls;
import java.io.ByteArrayOutputStream;
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
    /** Longer ones are cut: what never ends a line shall not take all memory. */
    private static final int LONGEST_LINE = 4096;

    private final Syscalls syscalls;
    private final Syscalls.Pipe pipe;
    private final Deque<String> last = new ArrayDeque<>();
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
    private final Thread reader;
    private long passed;
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
                take(buffer.flip());
            }
        } catch (SystemCallException failure) {
            LOG.warn("no more log lines of DPDK can be read", failure);
        } finally {
            endLine();
            syscalls.close(pipe.readEnd());
        }
    }

    private synchronized void take(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            byte octet = bytes.get();
            if (octet == '\n') {
                endLine();
                continue;
            }
            unfinished.write(octet);
            if (unfinished.size() == LONGEST_LINE) {
                endLine();
            }
        }
    }

    private synchronized void endLine() {
        String line = unfinished.toString(StandardCharsets.UTF_8).strip();
        unfinished.reset();
        if (!line.isEmpty()) {
            pass(line);
        }
    }

    private void pass(String line) {
        // DPDK does not write the level into the line. What it calls an error says so in words, as a rule.
        LOG.info("{}", line);
        passed++;
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

    /** How many lines there were. */
    synchronized long count() {
        return passed;
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
