package io.vnfkit.dpdk.table;

import static io.vnfkit.dpdk.table.TableFixtures.hop;
import static io.vnfkit.dpdk.table.TableFixtures.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vnfkit.dpdk.binding.RecordingForwarder;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class NextHopsTest {

    @Test
    void aNextHopIsEncodedAsTheCoreReadsIt() {
        ByteBuffer buffer = NextHops.encode(hop(7).through(new CoreTunnel(ip("192.0.2.1"), ip("192.0.2.9"), 0xfffff)));
        byte[] addresses = new byte[12];
        buffer.get(0, addresses);
        byte[] tunnel = new byte[8];
        buffer.get(16, tunnel);

        assertThat(buffer.capacity()).isEqualTo(32);
        assertThat(addresses).containsExactly(2, 0, 0, 0, 0, 7, 2, 0, 0, 0, 0x10, 0);
        assertThat(buffer.getShort(12)).isEqualTo((short) 7);
        assertThat(tunnel).containsExactly(192, 0, 2, 1, 192, 0, 2, 9);
        assertThat(buffer.getInt(24)).isEqualTo(0xfffff);
    }

    @Test
    void withoutATunnelItsFieldsAreZero() {
        assertThat(NextHops.encode(hop(1)).getLong(16)).isZero();
        assertThat(NextHops.encode(hop(1)).getInt(24)).isZero();
    }

    @Test
    void aSlotLivesAsLongAsItsLastRoute() {
        RecordingForwarder record = new RecordingForwarder();
        NextHops hops = new NextHops(record.forwarder(), 0, 1);
        assertThat(hops.acquire(hop(1))).isZero();
        assertThat(hops.acquire(hop(1))).isZero();
        assertThat(hops.acquire(hop(2))).isEqualTo(-1);
        hops.release(hop(1));
        assertThat(hops.acquire(hop(2))).isEqualTo(-1);
        hops.release(hop(1));
        assertThat(record.calls("synchronize")).isEmpty();
        assertThat(hops.acquire(hop(2))).isZero();
        assertThat(record.calls("synchronize")).hasSize(1);
    }

    @Test
    void rangesAreHeld() {
        assertThatIllegalArgumentException().isThrownBy(() -> NextHop.via(16, hop(0).source(), hop(0).source()));
        assertThatIllegalArgumentException().isThrownBy(() -> new CoreTunnel(ip("10.0.0.1"), ip("10.0.0.2"), 15));
        assertThatIllegalArgumentException().isThrownBy(() -> new CoreTunnel(ip("10.0.0.1"), ip("10.0.0.2"), 1 << 20));
    }
}
