package io.vnfkit;

import java.util.Objects;

/**
 * Where the three standard streams of a command go.
 *
 * @param in standard input
 * @param out standard output
 * @param err standard error
 */
public record StandardStreams(Stdio in, Stdio out, Stdio err) {

    /** Nothing comes in and nothing gets out. */
    public static final StandardStreams DISCARD = all(Stdio.discard());

    /** The caller's own streams. */
    public static final StandardStreams INHERIT = all(Stdio.inherit());

    /** Three pipes. */
    public static final StandardStreams PIPES = all(Stdio.pipe());

    /**
     * Checks that no part is missing.
     *
     * @throws IllegalArgumentException if input or output is to go where the output goes
     */
    public StandardStreams {
        Objects.requireNonNull(in, "in");
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(err, "err");
        if (in instanceof Stdio.LikeOutput || out instanceof Stdio.LikeOutput) {
            throw new IllegalArgumentException("only standard error can go where standard output goes");
        }
    }

    private static StandardStreams all(Stdio stdio) {
        return new StandardStreams(stdio, stdio, stdio);
    }

    /**
     * No input, and output and errors to one place. A pipe is read with {@link RunningCommand#standardOutput} then.
     *
     * @param target the place
     * @return the streams
     */
    public static StandardStreams outputTo(Stdio target) {
        return new StandardStreams(Stdio.discard(), target, Stdio.likeOutput());
    }
}
