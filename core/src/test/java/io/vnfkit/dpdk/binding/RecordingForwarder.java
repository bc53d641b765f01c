package io.vnfkit.dpdk.binding;

import io.vnfkit.dpdk.DpdkException;
import io.vnfkit.dpdk.binding.Forwarder.Applied;
import io.vnfkit.dpdk.binding.Forwarder.Heap;
import io.vnfkit.dpdk.binding.Forwarder.Lcore;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A forwarding core that does nothing but take down what it is asked for, and refuses the call that a test names. What
 * is made gets handles 0, 1, 2... of one sequence, so that a wrong one is noticed.
 */
public final class RecordingForwarder {

    private static final int ENODEV = 19;

    private final List<String> calls = new ArrayList<>();
    private final Map<String, Function<Object[], Object>> answers = new HashMap<>();
    private final Forwarder forwarder = (Forwarder) Proxy.newProxyInstance(
            Forwarder.class.getClassLoader(), new Class<?>[] {Forwarder.class}, this::invoke);
    private int handles;
    private int refused = -1;

    public RecordingForwarder() {
        answer("lcores", arguments -> List.of(new Lcore(0, 0, 0, true), new Lcore(1, 1, 0, false),
                new Lcore(2, 2, 1, false)));
        answer("heap", arguments -> new Heap(0, 0));
        answer("availableInPool", arguments -> Long.MAX_VALUE);
        answer("closeChannel", arguments -> true);
        answer("tscHertz", arguments -> 1_000_000_000L);
        answer("dpdkVersion", arguments -> "DPDK of a test");
        answer("applyRoutes", arguments -> new Applied((int) arguments[2], 0));
        answer("applySubscribers", arguments -> new Applied((int) arguments[2], 0));
    }

    /** What the code under test is given. */
    public Forwarder forwarder() {
        return forwarder;
    }

    /** Says what a method does and returns. */
    public void answer(String method, Function<Object[], Object> what) {
        answers.put(method, what);
    }

    /** Lets the call fail that has this index among all that change something; -1 for none. */
    public void refuse(int call) {
        refused = call;
    }

    /** The calls that change something, in their order. */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    /** Calls of one method. */
    public List<String> calls(String method) {
        return calls().stream().filter(call -> call.startsWith(method + "(")).toList();
    }

    private synchronized Object invoke(Object proxy, Method method, Object[] given) {
        Object[] arguments = given == null ? new Object[0] : given;
        String name = method.getName();
        if (name.equals("addressOf")) {
            return 4096L;
        }
        Class<?> result = method.getReturnType();
        boolean changes = result == void.class && !name.matches("(port|channelInfo).*") || name.matches("(create|apply|drain|retire|open|close|restart).*");
        if (changes) {
            calls.add(name + Arrays.stream(arguments).map(RecordingForwarder::shown)
                    .collect(Collectors.joining(",", "(", ")")));
            if (calls.size() - 1 == refused) {
                throw new DpdkException(name, ENODEV, "");
            }
        }
        if (answers.containsKey(name)) {
            return answers.get(name).apply(arguments);
        }
        if (result == int.class) {
            return name.matches("(create|find|open).*") ? handles++ : 0;
        }
        return result == long.class ? 0L : null;
    }

    private static String shown(Object argument) {
        return argument instanceof ByteBuffer buffer ? buffer.remaining() + " bytes" : String.valueOf(argument);
    }
}
