package io.vnfkit.testing;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.SystemCallException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The calls that were made, the descriptors that they left open, and the failures that a test asked for. Not
 * thread-safe.
 */
final class CallRecord {

    private record Failure(Predicate<String> call, Errno errno, boolean once) {}

    private final List<String> calls = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private final SortedMap<Integer, String> open = new TreeMap<>();
    private int nextDescriptor = 100;

    void fail(Predicate<String> call, Errno errno, boolean once) {
        failures.add(new Failure(call, errno, once));
    }

    /** Writes a call down and lets it fail if the test asked for that. */
    String add(String name, Object arguments) {
        String call = write(name, arguments);
        Errno errno = failureOf(call);
        if (errno != null) {
            throw refused(call, errno);
        }
        return call;
    }

    String write(String name, Object arguments) {
        String call = name + "(" + arguments + ")";
        calls.add(call);
        return call;
    }

    /** With what the test lets a call fail; null if it succeeds. */
    Errno failureOf(String call) {
        for (Failure failure : failures) {
            if (failure.call().test(call)) {
                if (failure.once()) {
                    failures.remove(failure);
                }
                return failure.errno();
            }
        }
        return null;
    }

    int opened(String call) {
        open.put(nextDescriptor, call);
        return nextDescriptor++;
    }

    int nextDescriptor(int minimum) {
        nextDescriptor = Math.max(nextDescriptor, minimum);
        return nextDescriptor;
    }

    boolean isOpen(int descriptor) {
        return open.containsKey(descriptor);
    }

    void closed(int descriptor, String call) {
        if (open.remove(descriptor) == null) {
            throw refused(call, Errno.EBADF);
        }
    }

    List<String> calls() {
        return List.copyOf(calls);
    }

    SortedMap<Integer, String> open() {
        return new TreeMap<>(open);
    }

    static SystemCallException refused(String call, Errno errno) {
        int parenthesis = call.indexOf('(');
        String arguments = call.substring(parenthesis + 1, call.length() - 1);
        return new SystemCallException(call.substring(0, parenthesis), arguments, errno.number(),
                "scripted by the test");
    }

    static String quote(Object text) {
        return "\"" + text + "\"";
    }

    static String shown(ByteBuffer bytes) {
        String text = StandardCharsets.UTF_8.decode(bytes).toString();
        boolean printable = text.length() < 200 && text.codePoints().allMatch(c -> c == '\n' || c >= ' ' && c < 0xfffd);
        return printable ? quote(text.replace("\n", "\\n")) : text.length() + " characters";
    }
}
