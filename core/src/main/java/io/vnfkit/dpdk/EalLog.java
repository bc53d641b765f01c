package io.vnfkit.dpdk;

import io.vnfkit.linux.SystemCallException;
import io.vnfkit.linux.Syscalls;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What DPDK prints: read from a pipe by a daemon thread, passed on to slf4j with its level, and the last lines kept for
 * an exception.
 * The thread ends when DPDK's end of the pipe is closed.
 */
final class EalLog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("io.vnfkit.dpdk.eal");
    private static final int KEPT_LINES = 40;
    private static final int BUFFER = 8192;
    /** Longer ones are cut: what never ends a line shall not take all memory. */
    private static final int LONGEST_LINE = 4096;

    private final Syscalls syscalls;
    private final BiConsumer<Level, String> listener;
    private final Syscalls.Pipe pipe;
    private final Deque<String> last = new ArrayDeque<>();
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
    private final Thread reader;
    private Level level = Level.INFO;
    private long passed;
    private boolean writeEndIsOpen = true;

    EalLog(Syscalls syscalls) {
        this(syscalls, (level, line) -> LOG.atLevel(level).log("{}", line));
    }

    EalLog(Syscalls syscalls, BiConsumer<Level, String> listener) {
        this.syscalls = syscalls;
        this.listener = listener;
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
        String line = withoutPriority(unfinished.toString(StandardCharsets.UTF_8)).strip();
        unfinished.reset();
        if (!line.isEmpty()) {
            pass(line);
        }
    }

    /** The core puts the priority in front, as {@code <3>}. A line that has none goes on with the one before it. */
    private String withoutPriority(String line) {
        if (line.length() < 3 || line.charAt(0) != '<' || line.charAt(2) != '>' || "01234567".indexOf(line.charAt(1)) < 0) {
            return line;
        }
        level = levelOf(line.charAt(1) - '0');
        return line.substring(3);
    }

    /** Emergency, alert, critical and error; warning; notice and info; debug. */
    private static Level levelOf(int priority) {
        if (priority <= 3) {
            return Level.ERROR;
        }
        if (priority == 4) {
            return Level.WARN;
        }
        return priority <= 6 ? Level.INFO : Level.DEBUG;
    }

    private void pass(String line) {
        listener.accept(level, line);
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
