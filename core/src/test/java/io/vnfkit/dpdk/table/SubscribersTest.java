package io.vnfkit.dpdk.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.dpdk.DpdkException;
import io.vnfkit.unit.MacAddress;
import io.vnfkit.dpdk.binding.Forwarder.Applied;
import io.vnfkit.dpdk.binding.RecordingForwarder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubscribersTest {

    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:07");

    private final RecordingForwarder record = new RecordingForwarder();
    private final Subscribers subscribers = new Subscribers(record.forwarder(), 2, "customers");

    private static Subscriber subscriber(int inner) {
        return new Subscriber(0xabc, inner, 0xfedcba98, MAC, 3);
    }

    @Test
    void manyAreSentWithOneCall() {
        subscribers.put(List.of(subscriber(1), subscriber(2), subscriber(3)));
        subscribers.remove(List.of(subscriber(1)));
        subscribers.put(List.of());

        assertThat(record.calls("applySubscribers"))
                .containsExactly("applySubscribers(2,96 bytes,3)", "applySubscribers(2,32 bytes,1)");
    }

    @Test
    void aSubscriberIsEncodedAsTheCoreReadsIt() {
        ByteBuffer buffer = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
        Subscribers.encode(buffer, 32, subscriber(0xdef), 1);

        assertThat(buffer.getShort(32)).isEqualTo((short) 0xabc);
        assertThat(buffer.getShort(34)).isEqualTo((short) 0xdef);
        assertThat(buffer.getInt(36)).isEqualTo(0xfedcba98);
        byte[] mac = new byte[6];
        buffer.get(40, mac);
        assertThat(MacAddress.of(mac)).isEqualTo(MAC);
        assertThat(buffer.getShort(46)).isEqualTo((short) 3);
        assertThat(buffer.getInt(48)).isOne();
    }

    @Test
    void theOneThatIsRefusedIsNamedWithTheReason() {
        record.answer("applySubscribers", arguments -> new Applied(1, -28));
        assertThatThrownBy(() -> subscribers.put(List.of(subscriber(1), subscriber(2))))
                .isInstanceOfSatisfying(TableFullException.class, full -> assertThat(full.applied()).isOne())
                .hasMessageContaining("2748/2").hasMessageContaining("\"customers\"");
        record.answer("applySubscribers", arguments -> new Applied(0, -17));
        assertThatThrownBy(() -> subscribers.put(subscriber(1)))
                .isInstanceOf(DpdkException.class).hasMessageContaining("GRE key 4275878552");
        record.answer("applySubscribers", arguments -> new Applied(0, -2));
        assertThatThrownBy(() -> subscribers.remove(List.of(subscriber(1))))
                .isInstanceOf(DpdkException.class).hasMessageContaining("2748/1");
    }

    @Test
    void aFreedTableIsAskedForNothing() {
        subscribers.put(subscriber(1));
        subscribers.free();

        assertThatIllegalStateException().isThrownBy(() -> subscribers.put(subscriber(2)))
                .withMessageContaining("\"customers\"").withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(() -> subscribers.remove(List.of(subscriber(1))));
        assertThatIllegalStateException().isThrownBy(subscribers::size);
        assertThat(record.calls()).hasSize(2).endsWith("freeSubscribers(2)");
    }

    @Test
    void tagsHaveTwelveBits() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Subscriber(4096, 0, 0, MAC, 0))
                .withMessageContaining("outer");
        assertThatIllegalArgumentException().isThrownBy(() -> new Subscriber(0, -1, 0, MAC, 0))
                .withMessageContaining("inner");
        assertThatIllegalArgumentException().isThrownBy(() -> new Subscriber(0, 0, 0, MAC, 16));
    }
}
