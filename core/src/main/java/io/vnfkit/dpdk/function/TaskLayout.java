package io.vnfkit.dpdk.function;

import io.vnfkit.dpdk.function.NetworkFunction.BngDownstream;
import io.vnfkit.dpdk.function.NetworkFunction.BngUpstream;
import io.vnfkit.dpdk.function.NetworkFunction.Generator;
import io.vnfkit.dpdk.function.NetworkFunction.L2Forward;
import io.vnfkit.dpdk.function.NetworkFunction.L3Forward;
import io.vnfkit.dpdk.function.NetworkFunction.LoadBalancer;
import io.vnfkit.dpdk.function.NetworkFunction.None;
import io.vnfkit.dpdk.function.NetworkFunction.Sink;
import io.vnfkit.unit.MacAddress;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** struct vnfkit_task_config of forwarder.h and what it holds. */
public final class TaskLayout {

    /** What the names in a task stand for in the core. */
    public interface Handles {
        /** A bound endpoint, as output or as input. */
        BoundEndpoint endpoint(Endpoint endpoint);

        /** Handle of a table of routes; -1 for none. */
        int routes(Optional<String> name);

        /** Handle of the next hops. */
        int nextHops();

        /** Handle of a table of subscribers. */
        int subscribers(String name);

        /** Handle of the mempool that the generator of a task takes from. */
        int pool(Task task);

        /** Address of the statistics of a task. */
        long statistics(String task);

        /** Address of the latency of a sink. */
        long latency(String task);

        /** Address of a buffer, which stays where it is. */
        long address(ByteBuffer buffer);
    }

    /** enum vnfkit_endpoint_kind, in its order. */
    public enum EndpointKind { PORT, RING, CHANNEL }

    /** struct vnfkit_endpoint. */
    public record BoundEndpoint(EndpointKind kind, int id, int queue, int mtu, MacAddress mac) {

        /** One that has no queues and no address. */
        public static BoundEndpoint of(EndpointKind kind, int id) {
            return new BoundEndpoint(kind, id, 0, 0, new MacAddress(0));
        }
    }

    static final int SIZE = 1200;
    static final int TEMPLATE_SIZE = 272;
    private static final int FUNCTION_AT = 64;
    private static final int STATISTICS_AT = 96;
    private static final int UNION_AT = 112;
    private static final int INPUTS_AT = 176;
    private static final int OUTPUTS_AT = 688;
    private static final int ENDPOINT_SIZE = 32;

    private TaskLayout() {}

    /** The number of a function in the core. */
    public static int functionNumber(NetworkFunction function) {
        List<Class<? extends NetworkFunction>> order = List.of(None.class, L2Forward.class, L3Forward.class,
                BngUpstream.class, BngDownstream.class, LoadBalancer.class, Generator.class, Sink.class);
        return order.indexOf(function.getClass());
    }

    /** The templates of a generator; of another task, nothing. They are copied when the task is made. */
    public static ByteBuffer templates(Task task) {
        if (!(task.function() instanceof Generator generator)) {
            return direct(0);
        }
        ByteBuffer buffer = direct(generator.templates().size() * TEMPLATE_SIZE);
        for (int i = 0; i < generator.templates().size(); i++) {
            PacketTemplate template = generator.templates().get(i);
            int at = i * TEMPLATE_SIZE;
            buffer.putShort(at, (short) template.length()).putShort(at + 2, (short) template.header().length);
            buffer.putShort(at + 4, (short) template.stampOffset()).putShort(at + 6, (short) template.ipv4Offset());
            buffer.putShort(at + 8, (short) template.varyOffset());
            buffer.put(at + 16, template.header());
        }
        return buffer;
    }

    /** The structure that a task is made from. */
    public static ByteBuffer encode(Task task, Handles handles, ByteBuffer templates) {
        ByteBuffer buffer = direct(SIZE);
        buffer.put(0, task.name().getBytes(StandardCharsets.UTF_8));
        buffer.putInt(FUNCTION_AT, functionNumber(task.function())).putInt(FUNCTION_AT + 4, task.burst());
        buffer.putInt(FUNCTION_AT + 8, task.inputs().size()).putInt(FUNCTION_AT + 12, task.outputs().size());
        buffer.putInt(FUNCTION_AT + 16, task.transmitTries());
        buffer.putLong(STATISTICS_AT, handles.statistics(task.name()));
        encodeFunction(buffer.position(UNION_AT), task, handles, templates);
        encodeEndpoints(buffer, INPUTS_AT, task.inputs(), handles);
        encodeEndpoints(buffer, OUTPUTS_AT, task.outputs(), handles);
        return buffer.rewind();
    }

    private static void encodeEndpoints(ByteBuffer buffer, int start, List<Endpoint> endpoints, Handles handles) {
        for (int i = 0; i < endpoints.size(); i++) {
            BoundEndpoint bound = handles.endpoint(endpoints.get(i));
            int at = start + i * ENDPOINT_SIZE;
            buffer.putInt(at, bound.kind().ordinal()).putInt(at + 4, bound.id()).putInt(at + 8, bound.queue());
            buffer.putInt(at + 12, bound.mtu()).put(at + 16, bound.mac().octets());
        }
    }

    private static void encodeFunction(ByteBuffer buffer, Task task, Handles handles, ByteBuffer templates) {
        NetworkFunction function = task.function();
        if (function instanceof L2Forward l2) {
            buffer.putInt(ruleNumber(l2.source())).putInt(ruleNumber(l2.destination()));
            buffer.put(ruleAddress(l2.source())).put(ruleAddress(l2.destination()));
        } else if (function instanceof L3Forward l3) {
            buffer.putInt(handles.routes(l3.ipv4Routes())).putInt(handles.routes(l3.ipv6Routes()));
            buffer.putInt(handles.nextHops()).putInt(l3.verifyChecksum() ? 1 : 0);
            buffer.putInt(l3.anyStation() ? 1 : 0);
        } else if (function instanceof BngUpstream bng) {
            buffer.putInt(handles.subscribers(bng.subscribers())).putInt(handles.routes(Optional.of(bng.routes())));
            buffer.putInt(handles.nextHops()).putInt(0);
            buffer.putInt(0).putInt(bng.mpls() ? 1 : 0);
        } else if (function instanceof BngDownstream bng) {
            buffer.putInt(handles.subscribers(bng.subscribers())).putInt(-1).putInt(-1);
            buffer.put(bng.tunnelEnd().map(Inet4Address::getAddress).orElse(new byte[4]));
            buffer.putInt(bng.outerEthertype()).putInt(bng.mpls() ? 1 : 0);
        } else if (function instanceof LoadBalancer balancer) {
            buffer.putInt(balancer.key().ordinal());
        } else if (function instanceof Generator generator) {
            encodeGenerator(buffer, generator, handles.pool(task), handles.address(templates));
        } else if (function instanceof Sink sink) {
            buffer.putInt(sink.stream()).putInt(sink.anyPacket() ? 1 : 0).putLong(handles.latency(task.name()));
        }
    }

    private static void encodeGenerator(ByteBuffer buffer, Generator generator, int pool, long templates) {
        buffer.putInt(pool).putInt(rateUnit(generator.rate())).putLong(rateValue(generator.rate()));
        buffer.putLong(generator.limit()).putInt(generator.stream()).putInt(generator.flows());
        buffer.putInt(generator.templates().size()).putInt(0).putLong(templates);
    }

    /** Unit of a rate, as enum vnfkit_rate_unit. */
    public static int rateUnit(Rate rate) {
        if (rate instanceof Rate.Packets) {
            return 1;
        }
        return rate instanceof Rate.Bits ? 2 : 0;
    }

    /** Value of a rate in its unit. */
    public static long rateValue(Rate rate) {
        if (rate instanceof Rate.Packets packets) {
            return packets.perSecond();
        }
        return rate instanceof Rate.Bits bits ? bits.perSecond() : 0;
    }

    private static int ruleNumber(MacRule rule) {
        if (rule instanceof MacRule.Keep) {
            return 0;
        }
        return rule instanceof MacRule.Set ? 1 : 2;
    }

    private static byte[] ruleAddress(MacRule rule) {
        return rule instanceof MacRule.Set set ? set.address().octets() : new byte[6];
    }

    private static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }
}
