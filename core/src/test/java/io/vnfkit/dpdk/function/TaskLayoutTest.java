package io.vnfkit.dpdk.function;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.unit.MacAddress;
import io.vnfkit.dpdk.binding.CLayout;
import io.vnfkit.dpdk.function.NetworkFunction.BngDownstream;
import io.vnfkit.dpdk.function.NetworkFunction.BngUpstream;
import io.vnfkit.dpdk.function.NetworkFunction.Generator;
import io.vnfkit.dpdk.function.NetworkFunction.L2Forward;
import io.vnfkit.dpdk.function.NetworkFunction.L3Forward;
import io.vnfkit.dpdk.function.NetworkFunction.LoadBalancer;
import io.vnfkit.dpdk.function.NetworkFunction.None;
import io.vnfkit.dpdk.function.NetworkFunction.Sink;
import io.vnfkit.dpdk.function.TaskLayout.BoundEndpoint;
import io.vnfkit.dpdk.function.TaskLayout.EndpointKind;
import io.vnfkit.testing.RequiresCommand;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Java lays out is read back by a C program through the structures of forwarder.h. */
@RequiresCommand(value = "cc", debianPackage = "gcc libc6-dev")
@Timeout(60)
class TaskLayoutTest {

    private static final TaskLayout.Handles HANDLES = new TaskLayout.Handles() {
        @Override
        public BoundEndpoint endpoint(Endpoint endpoint) {
            return endpoint instanceof Endpoint.PortQueue port
                    ? new BoundEndpoint(EndpointKind.PORT, 21, port.queue(), 1500, new MacAddress(0x0a0b0c0d0e0fL))
                    : BoundEndpoint.of(endpoint instanceof Endpoint.RingEnd ? EndpointKind.RING : EndpointKind.CHANNEL, 22);
        }

        @Override
        public int routes(Optional<String> name) {
            return name.map(table -> table.equals("four") ? 31 : 32).orElse(-1);
        }

        @Override
        public int nextHops() {
            return 33;
        }

        @Override
        public int subscribers(String name) {
            return 34;
        }

        @Override
        public int pool(Task task) {
            return 35;
        }

        @Override
        public long statistics(String task) {
            return 0x1122334455667788L;
        }

        @Override
        public long latency(String task) {
            return 0x2233445566778899L;
        }

        @Override
        public long address(ByteBuffer buffer) {
            return 0x33445566778899aaL;
        }
    };

    @TempDir
    private Path directory;

    private static Task task(NetworkFunction function) {
        return new Task("t\u00e9st", function, List.of(Endpoint.ring("a"), Endpoint.port("p", 5), Endpoint.channel("c")),
                List.of(Endpoint.port("p", 6), Endpoint.ring("b"), Endpoint.port("p", 7)), 3, 77, 9, false);
    }

    /** Runs a program that has the bytes of a structure and prints expressions on it. */
    private Map<String, Long> read(String structure, ByteBuffer bytes, List<String> expressions) throws Exception {
        StringBuilder program = new StringBuilder("#include \"forwarder.h\"\n#include <stdio.h>\n#include <string.h>\n"
                + "static const unsigned char raw[] = {");
        for (int i = 0; i < bytes.capacity(); i++) {
            program.append(bytes.get(i) & 0xff).append(',');
        }
        program.append("};\nstatic struct vnfkit_").append(structure).append(" s[sizeof raw / sizeof(struct vnfkit_")
                .append(structure).append(")];\nint main(void) {\nif (sizeof s != sizeof raw) return 1;\n")
                .append("memcpy(s, raw, sizeof raw);\n");
        expressions.forEach(expression -> program.append("printf(\"%lld\\n\", (long long)(").append(expression).append("));\n"));
        List<String> lines = new CLayout(directory).run(program.append("return 0;\n}\n").toString(), "").lines().toList();
        Map<String, Long> values = new LinkedHashMap<>();
        for (int i = 0; i < expressions.size(); i++) {
            values.put(expressions.get(i), Long.parseLong(lines.get(i)));
        }
        return values;
    }

    private void assertRead(NetworkFunction function, Map<String, Long> expected) throws Exception {
        ByteBuffer bytes = TaskLayout.encode(task(function), HANDLES, TaskLayout.templates(task(function)));
        assertThat(read("task_config", bytes, List.copyOf(expected.keySet()))).isEqualTo(expected);
    }

    private static Inet4Address ip(String text) throws Exception {
        return (Inet4Address) InetAddress.getByName(text);
    }

    @Test
    void whatAllTasksHave() throws Exception {
        Map<String, Long> expected = new LinkedHashMap<>(Map.of("s->function == VNFKIT_FUNCTION_NONE", 1L,
                "strcmp(s->name, \"t\\xc3\\xa9\" \"st\")", 0L, "s->burst", 77L, "s->input_count", 3L,
                "s->output_count", 3L, "s->transmit_tries", 9L, "s->statistics == 0x1122334455667788", 1L));
        expected.putAll(Map.of("s->inputs[0].kind == VNFKIT_ENDPOINT_RING", 1L, "s->inputs[0].id", 22L,
                "s->inputs[1].kind == VNFKIT_ENDPOINT_PORT", 1L, "s->inputs[1].id", 21L, "s->inputs[1].queue", 5L,
                "s->outputs[0].queue", 6L, "s->outputs[0].mtu", 1500L,
                "memcmp(s->outputs[2].mac, \"\\x0a\\x0b\\x0c\\x0d\\x0e\\x0f\", 6)", 0L, "s->outputs[2].queue", 7L,
                "s->outputs[1].id", 22L));
        expected.putAll(Map.of("s->inputs[2].kind == VNFKIT_ENDPOINT_CHANNEL", 1L, "s->inputs[2].id", 22L));
        assertRead(new None(), expected);
    }

    @Test
    void macRules() throws Exception {
        assertRead(new L2Forward(new MacRule.Set(new MacAddress(0x010203040506L)), new MacRule.Other()), Map.of(
                "s->function == VNFKIT_FUNCTION_L2FWD", 1L, "s->l2fwd.source_rule == VNFKIT_MAC_SET", 1L,
                "s->l2fwd.destination_rule == VNFKIT_MAC_OTHER", 1L,
                "memcmp(s->l2fwd.source, \"\\1\\2\\3\\4\\5\\6\", 6)", 0L, "s->l2fwd.destination[0]", 0L));
    }

    @Test
    void keptSourceAndSetDestination() throws Exception {
        assertRead(new L2Forward(new MacRule.Keep(), new MacRule.Set(new MacAddress(0x010203040506L))), Map.of(
                "s->l2fwd.source_rule == VNFKIT_MAC_KEEP", 1L,
                "memcmp(s->l2fwd.destination, \"\\1\\2\\3\\4\\5\\6\", 6)", 0L));
    }

    @Test
    void tablesOfARouter() throws Exception {
        assertRead(new L3Forward(Optional.of("four"), Optional.empty(), true), Map.of(
                "s->function == VNFKIT_FUNCTION_L3FWD", 1L, "s->l3fwd.ipv4_routes", 31L, "s->l3fwd.ipv6_routes", -1L,
                "s->l3fwd.next_hops", 33L, "s->l3fwd.verify_checksum", 1L, "s->l3fwd.any_station", 0L,
                "memcmp(s->inputs[1].mac, \"\\x0a\\x0b\\x0c\\x0d\\x0e\\x0f\", 6)", 0L));
    }

    @Test
    void aRouterForAnyStation() throws Exception {
        assertRead(new L3Forward(Optional.of("four"), Optional.empty(), true).forAnyStation(),
                Map.of("s->l3fwd.any_station", 1L, "s->l3fwd.verify_checksum", 1L));
    }

    @Test
    void upstreamOfABng() throws Exception {
        assertRead(new BngUpstream("s", "four", true), Map.of(
                "s->function == VNFKIT_FUNCTION_BNG_UPSTREAM", 1L, "s->bng.subscribers", 34L, "s->bng.ipv4_routes", 31L,
                "s->bng.next_hops", 33L, "s->bng.outer_ethertype", 0L, "s->bng.mpls", 1L));
    }

    @Test
    void downstreamOfABng() throws Exception {
        assertRead(new BngDownstream("s", Optional.of(ip("1.2.3.4")), 0x8100, false), Map.of(
                "s->function == VNFKIT_FUNCTION_BNG_DOWNSTREAM", 1L, "s->bng.subscribers", 34L,
                "memcmp(&s->bng.tunnel_local, \"\\1\\2\\3\\4\", 4)", 0L, "s->bng.outer_ethertype", 0x8100L,
                "s->bng.mpls", 0L));
    }

    @Test
    void keyOfABalancer() throws Exception {
        assertRead(new LoadBalancer(LoadBalancer.Key.GRE_KEY), Map.of(
                "s->function == VNFKIT_FUNCTION_BALANCER", 1L, "s->balancer.key == VNFKIT_BALANCE_GRE_KEY", 1L));
        assertThat(LoadBalancer.Key.values()).hasSize(3);
    }

    @Test
    void rateAndStreamOfAGenerator() throws Exception {
        PacketTemplate template = PacketTemplate.raw(new byte[14], 60);
        assertRead(new Generator(List.of(template, template), Rate.bitsPerSecond(10_000_000_000L), 5_000_000_000L, 65535, 4),
                Map.of("s->function == VNFKIT_FUNCTION_GENERATOR", 1L, "s->generator.pool", 35L,
                        "s->generator.rate_unit == VNFKIT_RATE_BITS", 1L, "s->generator.rate", 10_000_000_000L,
                        "s->generator.limit", 5_000_000_000L, "s->generator.stream", 65535L, "s->generator.flows", 4L,
                        "s->generator.template_count", 2L, "s->generator.templates == 0x33445566778899aa", 1L));
        assertThat(TaskLayout.rateUnit(Rate.unlimited())).isZero();
        assertThat(TaskLayout.rateUnit(Rate.packetsPerSecond(7))).isOne();
        assertThat(TaskLayout.rateValue(Rate.packetsPerSecond(7))).isEqualTo(7);
    }

    @Test
    void streamAndHistogramOfASink() throws Exception {
        assertRead(new Sink(65535, true), Map.of("s->function == VNFKIT_FUNCTION_SINK", 1L, "s->sink.stream", 65535L,
                "s->sink.any_packet", 1L, "s->sink.histogram == 0x2233445566778899", 1L));
    }

    @Test
    void templatesOneAfterTheOther() throws Exception {
        MacAddress mac = new MacAddress(0x010203040506L);
        PacketTemplate udp = PacketTemplate.udp(mac, mac, ip("10.0.0.1"), ip("10.0.0.2"), 64);
        Task task = task(new Generator(List.of(PacketTemplate.raw(new byte[256], 9018).varying(200), udp),
                Rate.unlimited(), 0, 0, 1));
        Map<String, Long> expected = new LinkedHashMap<>(Map.of("s[0].length", 9018L, "s[0].header_length", 256L,
                "s[0].stamp_offset", 9018L - 16, "s[0].ipv4_offset", 0L, "s[0].vary_offset", 200L));
        expected.putAll(Map.of("s[1].length", 60L, "s[1].header_length", 42L, "s[1].stamp_offset", 44L,
                "s[1].ipv4_offset", 14L, "s[1].vary_offset", 30L, "s[1].header[12]", 8L, "s[1].header[33]", 2L));

        assertThat(read("template", TaskLayout.templates(task), List.copyOf(expected.keySet()))).isEqualTo(expected);
        assertThat(TaskLayout.templates(task(new None())).capacity()).isZero();
    }

    @Test
    void theBuffersAreInTheOrderOfTheMachine() {
        assertThat(TaskLayout.encode(task(new None()), HANDLES, ByteBuffer.allocate(0)).order())
                .isEqualTo(ByteOrder.nativeOrder());
    }

    @Test
    void limitsAreThoseOfTheHeader() throws Exception {
        Map<String, Long> limits = Map.of("VNFKIT_MAX_BURST", 256L, "VNFKIT_MAX_ENDPOINTS", 16L, "VNFKIT_NAME_SIZE", 64L,
                "VNFKIT_TEMPLATE_SIZE", 256L, "VNFKIT_MAX_TEMPLATES", 64L, "VNFKIT_FUNCTIONS", 8L,
                "sizeof(struct vnfkit_stamp)", 16L);
        CLayout header = new CLayout(directory);
        limits.keySet().stream().collect(Collectors.toList()).forEach(header::ask);
        assertThat(header.values()).isEqualTo(limits);
    }
}
