package io.vnfkit.dpdk;

import io.vnfkit.Problem;
import io.vnfkit.dpdk.Forwarding.Channel;
import io.vnfkit.dpdk.function.Endpoint;
import io.vnfkit.dpdk.function.Endpoint.ChannelEnd;
import io.vnfkit.dpdk.function.NetworkFunction.Generator;
import io.vnfkit.dpdk.function.Task;
import io.vnfkit.dpdk.port.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is wrong with the channels of a description and with who uses them. */
final class ChannelCheck {

    private final Forwarding forwarding;
    private final List<Problem> problems = new ArrayList<>();

    private ChannelCheck(Forwarding forwarding) {
        this.forwarding = forwarding;
    }

    static List<Problem> problems(Forwarding forwarding) {
        ChannelCheck check = new ChannelCheck(forwarding);
        forwarding.tasks().forEach(check::task);
        forwarding.channels().forEach(check::channel);
        check.sides();
        forwarding.ports().forEach(check::port);
        return check.problems;
    }

    private void add(String where, String what, String cure) {
        problems.add(new Problem(where, what, cure));
    }

    private Optional<Channel> find(String name) {
        return forwarding.channels().stream().filter(channel -> channel.name().equals(name)).findFirst();
    }

    private List<String> names() {
        return forwarding.channels().stream().map(Channel::name).toList();
    }

    private void task(Task task) {
        String where = "task " + task.name();
        task.inputs().forEach(end -> endpoint(where, end, false));
        task.outputs().forEach(end -> endpoint(where, end, true));
        if (task.function() instanceof Generator generator) {
            task.outputs().forEach(end -> templates(where, generator, end));
        }
    }

    private void endpoint(String where, Endpoint endpoint, boolean asOutput) {
        if (!(endpoint instanceof ChannelEnd end)) {
            return;
        }
        Optional<Channel> channel = find(end.channel());
        if (channel.isEmpty()) {
            add(where, "no " + end, "there are " + names());
        } else if (channel.get().isSender() != asOutput) {
            add(where, end + (asOutput ? " as output, but it is the side of the receiver"
                            : " as input, but it is the side of the sender"),
                    "a receiver is an input, a sender an output; two channels, one for each direction, make a link");
        }
    }

    private void templates(String where, Generator generator, Endpoint endpoint) {
        int room = endpoint instanceof ChannelEnd end
                ? find(end.channel()).map(channel -> channel.side().place().maxLength()).orElse(Integer.MAX_VALUE)
                : Integer.MAX_VALUE;
        generator.templates().stream().filter(template -> template.length() > room).findFirst()
                .ifPresent(template -> add(where, "packets of " + template.length() + " bytes do not fit into the buffers of "
                        + endpoint + " with room for " + room, "make the channel with larger buffers"));
    }

    private void channel(Channel channel) {
        Endpoint end = Endpoint.channel(channel.name());
        List<String> users = forwarding.tasks().stream()
                .flatMap(task -> (channel.isSender() ? task.outputs() : task.inputs()).stream()
                        .filter(end::equals).map(found -> task.name()))
                .toList();
        if (users.isEmpty()) {
            add("channel " + channel.name(), channel.isSender() ? "no task sends to it" : "no task takes packets from it",
                    "make it the " + (channel.isSender() ? "output" : "input") + " of a task");
        } else if (users.size() > 1) {
            add("channel " + channel.name(), "it is used by " + users + ", but a side of a channel has one user",
                    "put a ring between the tasks and the channel, or make a channel for each");
        }
    }

    private void sides() {
        for (int i = 0; i < forwarding.channels().size(); i++) {
            Channel channel = forwarding.channels().get(i);
            forwarding.channels().subList(0, i).stream()
                    .filter(other -> other.side().place().equals(channel.side().place())
                            && other.isSender() == channel.isSender())
                    .findFirst().ifPresent(other -> add("channel " + channel.name(),
                            "it is the same side of the same channel as \"" + other.name() + "\"", "leave one of them out"));
        }
    }

    private void port(Port port) {
        if (port.channel().isEmpty()) {
            return;
        }
        String where = "port " + port.name();
        Optional<Channel> channel = find(port.channel().get());
        if (channel.isEmpty() || !channel.get().isSender()) {
            add(where, "it receives into channel \"" + port.channel().get() + "\", "
                            + (channel.isEmpty() ? "which is not described" : "which is the side of the receiver"),
                    "name one of the senders "
                            + forwarding.channels().stream().filter(Channel::isSender).map(Channel::name).toList());
            return;
        }
        long held = (long) port.receiveQueues() * port.receiveDescriptors();
        int buffers = channel.get().side().place().bufferCount();
        if (held >= buffers) {
            add(where, "its receive queues hold " + held + " buffers, but channel \"" + channel.get().name() + "\" has "
                    + buffers, "describe fewer receive descriptors, or make the channel with more buffers");
        }
    }
}
