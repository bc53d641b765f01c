package io.vnfkit.dpdk.function;

import io.vnfkit.dpdk.function.Endpoint.ChannelEnd;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A network function with its inputs, outputs and lcore. A function on several lcores is several tasks, each with its
 * own queues.
 *
 * <p>Immutable and thread-safe: every method returns a new value.
 *
 * @param name how the description calls it, 1 to 63 bytes in UTF-8
 * @param function what it does
 * @param inputs where packets come from
 * @param outputs where they go
 * @param lcore which lcore runs it
 * @param burst how many packets it takes at once, 1 to 256
 * @param transmitTries how often it offers packets to a full output before it drops them, at least 1
 * @param sharesLcore whether other tasks may run on its lcore too, in turn
 */
public record Task(String name, NetworkFunction function, List<Endpoint> inputs, List<Endpoint> outputs, int lcore,
        int burst, int transmitTries, boolean sharesLcore) {

    /** Burst of a task that says nothing else, that of DPDK's own programs. */
    public static final int DEFAULT_BURST = 32;

    private static final int MAX_BURST = 256;
    private static final int MAX_ENDPOINTS = 16;
    private static final int MAX_NAME = 63;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is exceeded
     */
    public Task {
        Objects.requireNonNull(function, "function");
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        if (name.isBlank() || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
            throw new IllegalArgumentException("a task has a name of 1 to 63 bytes in UTF-8, not \"" + name + "\"");
        }
        if (inputs.size() > MAX_ENDPOINTS || outputs.size() > MAX_ENDPOINTS) {
            throw new IllegalArgumentException("task \"" + name + "\" has more than 16 inputs or outputs");
        }
        if (burst < 1 || burst > MAX_BURST) {
            throw new IllegalArgumentException("a burst has 1 to 256 packets, not " + burst);
        }
        if (transmitTries < 1) {
            throw new IllegalArgumentException("a packet is offered at least once, not " + transmitTries + " times");
        }
        if (lcore < 0) {
            throw new IllegalArgumentException("lcores are numbered from 0, not " + lcore);
        }
    }

    /**
     * A task on lcore 0.
     *
     * @param name how the description calls it
     * @param function what it does
     * @return a task without inputs and outputs
     */
    public static Task of(String name, NetworkFunction function) {
        return new Task(name, function, List.of(), List.of(), 0, DEFAULT_BURST, 1, false);
    }

    /**
     * The channel that all its packets go to: a generator makes them in its buffers.
     *
     * @return empty if it has another output, or none
     */
    public Optional<ChannelEnd> onlyChannel() {
        return outputs.size() == 1 && outputs.get(0) instanceof ChannelEnd channel ? Optional.of(channel) : Optional.empty();
    }

    /**
     * Sets the inputs.
     *
     * @param endpoints where packets come from
     * @return the new task
     */
    public Task from(Endpoint... endpoints) {
        return new Task(name, function, List.of(endpoints), outputs, lcore, burst, transmitTries, sharesLcore);
    }

    /**
     * Sets the outputs.
     *
     * @param endpoints where packets go
     * @return the new task
     */
    public Task to(Endpoint... endpoints) {
        return new Task(name, function, inputs, List.of(endpoints), lcore, burst, transmitTries, sharesLcore);
    }

    /**
     * Sets the lcore.
     *
     * @param number its number
     * @return the new task
     */
    public Task on(int number) {
        return new Task(name, function, inputs, outputs, number, burst, transmitTries, sharesLcore);
    }

    /**
     * Sets the burst.
     *
     * @param packets how many packets it takes at once
     * @return the new task
     */
    public Task burst(int packets) {
        return new Task(name, function, inputs, outputs, lcore, packets, transmitTries, sharesLcore);
    }

    /**
     * Sets how patient it is with a full output. The default of 1 drops at once, like testpmd.
     *
     * @param tries how often packets are offered
     * @return the new task
     */
    public Task transmitTries(int tries) {
        return new Task(name, function, inputs, outputs, lcore, burst, tries, sharesLcore);
    }

    /**
     * Lets other tasks, which say so too, run on the same lcore in turn.
     *
     * @return the new task
     */
    public Task sharing() {
        return new Task(name, function, inputs, outputs, lcore, burst, transmitTries, true);
    }
}
