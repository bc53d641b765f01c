package io.vnfkit.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads and writes small files whole, also in a thread that is interrupted: NIO would close the file under it, and the close of a
 * VNF by an executor that is being shut down must not fail for that. The thread's interrupted status is kept. Thread-safe.
 */
public final class WholeFile {

    /** Nearly all files of the kernel fit. More would have to be cleared for each of them. */
    private static final int ONE_READ = 1 << 10;

    private WholeFile() {}

    /**
     * Reads a file.
     *
     * @param file the file
     * @return its content, decoded as UTF-8
     * @throws IOException if it cannot be read
     */
    public static String read(Path file) throws IOException {
        return uninterrupted(() -> text(file));
    }

    /**
     * Writes a file, which is made or replaced.
     *
     * @param file the file
     * @param content its content, encoded as UTF-8
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, String content) throws IOException {
        uninterrupted(() -> Files.writeString(file, content));
    }

    /**
     * Reads to the end in large pieces. Files.readAllBytes would go by the size that stat reports, which is 0 or 4096 for files of
     * the kernel, and begin with a read of one byte: a third more time, and a launch reads dozens of such files.
     */
    private static String text(Path file) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            ByteBuffer content = ByteBuffer.allocate(ONE_READ);
            while (channel.read(content) > 0) {
                if (!content.hasRemaining()) {
                    content = ByteBuffer.allocate(2 * content.capacity()).put(content.flip());
                }
            }
            return new String(content.array(), 0, content.position(), StandardCharsets.UTF_8);
        }
    }

    private interface Action<T> {
        T run() throws IOException;
    }

    private static <T> T uninterrupted(Action<T> action) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return action.run();
                } catch (ClosedByInterruptException interrupt) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
