package io.vnfkit.launch;

import io.vnfkit.StandardStreams;
import io.vnfkit.Stdio;
import io.vnfkit.linux.Syscalls;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;

/**
 * This JVM's ends of a command's pipes.
 *
 * @param in where the command's standard input is written to
 * @param out where its standard output is read from
 * @param err where its standard error is read from
 */
record PipeEnds(OptionalInt in, OptionalInt out, OptionalInt err) {

    static final PipeEnds NONE = new PipeEnds(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

    /** Takes the ends in the order in which the pipes were made. */
    static PipeEnds of(StandardStreams streams, List<Integer> ends) {
        Iterator<Integer> next = ends.iterator();
        return new PipeEnds(take(streams.in(), next), take(streams.out(), next), take(streams.err(), next));
    }

    void closeAll(Syscalls syscalls) {
        in.ifPresent(syscalls::close);
        out.ifPresent(syscalls::close);
        err.ifPresent(syscalls::close);
    }

    private static OptionalInt take(Stdio stdio, Iterator<Integer> ends) {
        return stdio instanceof Stdio.Pipe ? OptionalInt.of(ends.next()) : OptionalInt.empty();
    }
}
