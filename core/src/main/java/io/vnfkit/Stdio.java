package io.vnfkit;

import java.nio.file.Path;

/** Where one of a VNF's three standard streams goes. */
public sealed interface Stdio {

    /**
     * Nothing: /dev/null.
     *
     * @return the target
     */
    static Stdio discard() {
        return new Discard();
    }

    /**
     * The caller's own stream.
     *
     * @return the target
     */
    static Stdio inherit() {
        return new Inherit();
    }

    /**
     * A pipe that {@link RunningVnf} hands out.
     *
     * @return the target
     */
    static Stdio pipe() {
        return new Pipe();
    }

    /**
     * A file of the host. Output is appended; the file is made if it is missing.
     *
     * @param path absolute path
     * @return the target
     */
    static Stdio file(Path path) {
        return new ToFile(path);
    }

    /**
     * Where standard output goes; for standard error only. Lines of both come in the order in which they were written.
     *
     * @return the target
     */
    static Stdio likeOutput() {
        return new LikeOutput();
    }

    /** Nothing. */
    record Discard() implements Stdio {}

    /** The caller's own stream. */
    record Inherit() implements Stdio {}

    /** A pipe. */
    record Pipe() implements Stdio {}

    /** Where standard output goes. */
    record LikeOutput() implements Stdio {}

    /**
     * A file of the host.
     *
     * @param path absolute path
     */
    record ToFile(Path path) implements Stdio {

        /** Checks the path. */
        public ToFile {
            if (!path.isAbsolute()) {
                throw new IllegalArgumentException("not an absolute path: " + path);
            }
        }
    }
}
