package io.vnfkit.dpdk.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.unit.MacAddress;
import io.vnfkit.dpdk.binding.CLayout;
import io.vnfkit.dpdk.port.PortInformation.Link;
import io.vnfkit.testing.RequiresCommand;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The structures of ports, with every offset asked from the compiler. */
@RequiresCommand(value = "cc", debianPackage = "gcc libc6-dev")
@Timeout(60)
class PortLayoutTest {

    private static final List<String> INFORMATION = List.of("device", "driver", "mac", "mtu", "node",
            "max_receive_queues", "max_transmit_queues", "max_receive_descriptors", "max_transmit_descriptors", "max_mtu",
            "link_up", "link_speed", "link_full_duplex", "promiscuous", "receive_offloads", "transmit_offloads",
            "rss_types");
    private static final List<String> CONFIGURATION = List.of("receive_queues", "transmit_queues", "receive_descriptors",
            "transmit_descriptors", "mtu", "pool", "promiscuous", "rss");

    @TempDir
    private Path directory;

    private Map<String, Integer> offsets(String structure, List<String> fields) throws Exception {
        CLayout header = new CLayout(directory).ask(CLayout.size(structure));
        fields.forEach(field -> header.ask(CLayout.offset(structure, field)));
        Map<String, Long> values = header.values();
        Map<String, Integer> offsets = new HashMap<>();
        fields.forEach(field -> offsets.put(field, values.get(CLayout.offset(structure, field)).intValue()));
        offsets.put("size", values.get(CLayout.size(structure)).intValue());
        return offsets;
    }

    @Test
    void informationIsReadFromItsFields() throws Exception {
        Map<String, Integer> at = offsets("port_info", INFORMATION);
        assertThat(PortLayout.INFO_SIZE).isEqualTo(at.get("size"));
        ByteBuffer info = ByteBuffer.allocate(PortLayout.INFO_SIZE).order(ByteOrder.nativeOrder());
        info.put(at.get("device"), "net_x0".getBytes(StandardCharsets.UTF_8));
        info.put(at.get("driver"), "d".repeat(64).getBytes(StandardCharsets.UTF_8));
        info.put(at.get("mac"), new MacAddress(0x010203040506L).octets());
        info.putShort(at.get("mtu"), (short) 65535);
        for (String field : INFORMATION.subList(4, 14)) {
            info.putInt(at.get(field), INFORMATION.indexOf(field));
        }
        info.putInt(at.get("link_speed"), -1);
        for (String field : INFORMATION.subList(14, 17)) {
            info.putLong(at.get(field), 1L << 60 | INFORMATION.indexOf(field));
        }

        assertThat(PortLayout.information(info)).isEqualTo(new PortInformation("net_x0", "d".repeat(64),
                new MacAddress(0x010203040506L), 65535, 4, 5, 6, 7, 8, 9, true, new Link(true, 4294967295L, true),
                1L << 60 | 14, 1L << 60 | 15, 1L << 60 | 16));
    }

    @Test
    void theConfigurationIsWrittenToItsFields() throws Exception {
        Map<String, Integer> at = offsets("port_config", CONFIGURATION);
        ByteBuffer config = PortLayout.configuration(Port.of("p", new Device.Loop(0)).queues(3, 4).descriptors(512, 1024)
                .mtu(9000).spread(Port.Spread.FLOW), 7);

        assertThat(config.remaining()).isEqualTo(at.get("size"));
        assertThat(config.getInt(at.get("receive_queues"))).isEqualTo(3);
        assertThat(config.getInt(at.get("transmit_queues"))).isEqualTo(4);
        assertThat(config.getInt(at.get("receive_descriptors"))).isEqualTo(512);
        assertThat(config.getInt(at.get("transmit_descriptors"))).isEqualTo(1024);
        assertThat(config.getInt(at.get("mtu"))).isEqualTo(9000);
        assertThat(config.getInt(at.get("pool"))).isEqualTo(7);
        assertThat(config.getInt(at.get("promiscuous"))).isOne();
        assertThat(config.getLong(at.get("rss"))).isEqualTo(Port.Spread.FLOW.types());
    }

    @Test
    void countersFollowEachOtherInTheOrderThatIsRead() throws Exception {
        Map<String, Integer> at = offsets("port_statistics", List.of("received", "sent", "received_bytes", "sent_bytes",
                "missed", "receive_errors", "transmit_errors", "no_mbuf"));
        assertThat(at).isEqualTo(Map.of("received", 0, "sent", 8, "received_bytes", 16, "sent_bytes", 24, "missed", 32,
                "receive_errors", 40, "transmit_errors", 48, "no_mbuf", 56, "size", 64));
    }

    @Test
    void anExtendedCounterIsANameAndAValue() throws Exception {
        assertThat(offsets("extended_statistic", List.of("name", "value")))
                .isEqualTo(Map.of("name", 0, "value", 64, "size", 72));
    }
}
