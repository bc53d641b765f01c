package io.vnfkit.dpdk.table;

import static io.vnfkit.dpdk.table.TableFixtures.hop;
import static io.vnfkit.dpdk.table.TableFixtures.prefix;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.dpdk.DpdkException;
import io.vnfkit.dpdk.binding.Forwarder.Applied;
import io.vnfkit.dpdk.binding.RecordingForwarder;
import io.vnfkit.dpdk.table.RouteChange.Put;
import io.vnfkit.dpdk.table.RouteChange.Remove;
import io.vnfkit.testing.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RoutesTest {

    private static final int HOP_SLOTS = 4;

    private final RecordingForwarder record = new RecordingForwarder();
    private final Map<Integer, ByteBuffer> written = new HashMap<>();
    private final NextHops hops = new NextHops(record.forwarder(), 3, HOP_SLOTS);
    private ModelTable table = new ModelTable(1000);
    private final Routes routes = new Routes(record.forwarder(), 5, true, "fib", hops);

    RoutesTest() {
        record.answer("applyRoutes", arguments -> table.apply((ByteBuffer) arguments[1], (int) arguments[2]));
        record.answer("setNextHop", arguments -> written.put((int) arguments[1], (ByteBuffer) arguments[2]));
    }

    /** What the core holds for an address, as the bytes of the next hop. */
    private ByteBuffer reached(String address) {
        int slot = table.lookup(TableFixtures.ip(address).getAddress());
        return slot < 0 ? null : written.get(slot);
    }

    private static Put put(String prefix, int hop) {
        return new Put(prefix(prefix), hop(hop));
    }

    @Test
    void aFreedTableIsAskedForNothingAndStillSaysWhatWasInIt() {
        routes.put(prefix("10.0.0.0/8"), hop(1));
        routes.free();

        assertThatIllegalStateException().isThrownBy(() -> routes.put(prefix("10.1.0.0/16"), hop(1)))
                .withMessageContaining("\"fib\"").withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(() -> routes.remove(prefix("10.0.0.0/8")));
        assertThatIllegalStateException().isThrownBy(() -> routes.apply(List.of()));
        assertThat(record.calls()).last().isEqualTo("freeRoutes(5)");
        assertThat(routes.all()).containsOnlyKeys(prefix("10.0.0.0/8"));
    }

    @Test
    void freedNextHopsAreAskedForNothing() {
        hops.free();

        assertThatIllegalStateException().isThrownBy(() -> routes.put(prefix("10.1.0.0/16"), hop(1)))
                .withMessageContaining("closed");
        assertThat(record.calls()).containsExactly("freeNextHops(3)");
        assertThat(routes.size()).isZero();
    }

    @Test
    void theLongestPrefixLeadsAndItsRemovalLeadsToTheNextShorter() {
        routes.apply(List.of(put("10.0.0.0/8", 1), put("10.1.0.0/16", 2), put("10.1.2.0/24", 3)));
        assertThat(reached("10.1.2.3")).isEqualTo(NextHops.encode(hop(3)));
        assertThat(routes.remove(prefix("10.1.2.0/24"))).isTrue();
        assertThat(reached("10.1.2.3")).isEqualTo(NextHops.encode(hop(2)));
        routes.apply(List.of(new Remove(prefix("10.0.0.0/8")), new Remove(prefix("10.1.0.0/16"))));
        assertThat(reached("10.1.2.3")).isNull();
        assertThat(routes.size()).isZero();
    }

    @Test
    void whatFallsBackToTheDefaultRouteReadsAsEmpty() {
        routes.apply(List.of(put("0.0.0.0/0", 1), put("10.0.0.0/8", 2)));
        // The model demands depth 0 and no next hop of this removal.
        routes.remove(prefix("10.0.0.0/8"));
        assertThat(reached("10.1.1.1")).isEqualTo(NextHops.encode(hop(1)));
        routes.remove(prefix("0.0.0.0/0"));
        assertThat(reached("10.1.1.1")).isNull();
    }

    @Test
    void aRouteIsReplacedInPlace() {
        routes.put(prefix("10.0.0.0/8"), hop(1));
        routes.put(prefix("10.0.0.0/8"), hop(2));

        assertThat(routes.all()).isEqualTo(Map.of(prefix("10.0.0.0/8"), hop(2)));
        assertThat(reached("10.0.0.1")).isEqualTo(NextHops.encode(hop(2)));
    }

    @Test
    void removingWhatIsNotThereMakesNoCall() {
        assertThat(routes.remove(prefix("10.0.0.0/8"))).isFalse();
        routes.apply(List.of());
        assertThat(record.calls("applyRoutes")).isEmpty();
    }

    @Test
    void aPrefixOfTheOtherFamilyIsRefusedBeforeAnythingChanges() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> routes.apply(List.of(put("10.0.0.0/8", 1), put("fd00::/8", 2))))
                .withMessageContaining("\"fib\" of IPv4");
        assertThat(routes.size()).isZero();
        assertThat(record.calls()).isEmpty();
    }

    @Test
    void routesWithTheSameNextHopShareASlot() {
        for (int i = 0; i < 20; i++) {
            routes.put(prefix("10." + i + ".0.0/16"), hop(1));
        }
        assertThat(record.calls("setNextHop")).hasSize(1);
    }

    @Test
    void aSlotIsWrittenAgainOnlyAfterAGracePeriod() {
        for (int i = 0; i < HOP_SLOTS; i++) {
            routes.put(prefix("10." + i + ".0.0/16"), hop(i));
        }
        routes.put(prefix("10.0.0.0/16"), hop(1));
        assertThat(record.calls("synchronize")).isEmpty();
        routes.put(prefix("10.9.0.0/16"), hop(9));

        assertThat(record.calls("synchronize")).hasSize(1);
        assertThat(record.calls()).containsSubsequence("synchronize()", "setNextHop(3,0,32 bytes)");
        assertThat(reached("10.9.0.1")).isEqualTo(NextHops.encode(hop(9)));
    }

    @Test
    void whenNextHopsRunOutTheChangesBeforeAreInForce() {
        List<RouteChange> changes = new ArrayList<>();
        for (int i = 0; i < HOP_SLOTS + 2; i++) {
            changes.add(put("10." + i + ".0.0/16", i));
        }
        assertThatThrownBy(() -> routes.apply(changes))
                .isInstanceOfSatisfying(TableFullException.class,
                        failure -> assertThat(failure.applied()).isEqualTo(HOP_SLOTS))
                .hasMessageContaining("next hop");
        assertThat(routes.size()).isEqualTo(HOP_SLOTS);
        assertThat(table.size()).isEqualTo(HOP_SLOTS);
    }

    @Test
    void aChangeThatAsksForNothingCountsAsInForceToo() {
        List<RouteChange> changes = List.of(new Remove(prefix("10.200.0.0/16")), put("10.0.0.0/16", 0),
                put("10.1.0.0/16", 1), put("10.2.0.0/16", 2), put("10.3.0.0/16", 3), put("10.4.0.0/16", 4));
        assertThatThrownBy(() -> routes.apply(changes)).isInstanceOfSatisfying(TableFullException.class,
                failure -> assertThat(failure.applied()).isEqualTo(5));
    }

    @Test
    void aFullTableLeavesTheListAsTheCoreHasIt() {
        table = new ModelTable(2);
        routes.put(prefix("10.0.0.0/8"), hop(0));
        assertThatThrownBy(() -> routes.apply(List.of(put("10.0.0.0/8", 1), put("10.1.0.0/16", 2),
                put("10.2.0.0/16", 3), new Remove(prefix("10.0.0.0/8")), put("10.1.0.0/16", 3))))
                .isInstanceOfSatisfying(TableFullException.class,
                        failure -> assertThat(failure.applied()).isEqualTo(2))
                .hasMessageContaining("\"fib\" with 2 routes");

        assertThat(routes.all()).isEqualTo(Map.of(prefix("10.0.0.0/8"), hop(1), prefix("10.1.0.0/16"), hop(2)));
        assertThat(reached("10.2.0.1")).isEqualTo(NextHops.encode(hop(1)));
        // The slots of what was undone can be had again: two are in use, two are free.
        routes.put(prefix("10.0.0.0/8"), hop(5));
        routes.put(prefix("10.1.0.0/16"), hop(6));
        assertThat(reached("10.1.0.1")).isEqualTo(NextHops.encode(hop(6)));
    }

    @Test
    void whatTheCoreRefusesOtherwiseIsUndoneAsWell() {
        record.answer("applyRoutes", arguments -> new Applied(0, -22));
        assertThatThrownBy(() -> routes.put(prefix("10.0.0.0/8"), hop(1)))
                .isInstanceOf(DpdkException.class).hasMessageContaining("\"fib\"");
        assertThat(routes.size()).isZero();
    }

    @Test
    void aNextHopThatCannotBeWrittenLeavesNoRouteBehind() {
        record.answer("setNextHop", arguments -> {
            if (written.size() == 1) {
                throw new DpdkException("write next hop", 5, "");
            }
            return written.put((int) arguments[1], (ByteBuffer) arguments[2]);
        });
        assertThatThrownBy(() -> routes.apply(List.of(put("10.0.0.0/8", 1), put("10.1.0.0/16", 2))))
                .isInstanceOf(DpdkException.class);

        assertThat(routes.size()).isEqualTo(table.size()).isZero();
        record.answer("setNextHop", arguments -> written.put((int) arguments[1], (ByteBuffer) arguments[2]));
        for (int i = 0; i < HOP_SLOTS; i++) {
            routes.put(prefix("10." + i + ".0.0/16"), hop(i));
        }
        assertThat(table.size()).as("no slot was lost").isEqualTo(HOP_SLOTS);
    }

    @Test
    void afterAnyChangesTheListAndTheCoreAgree() {
        SplittableRandom random = Seed.random("routes");
        table = new ModelTable(24);
        for (int round = 0; round < 3000; round++) {
            List<RouteChange> changes = new ArrayList<>();
            for (int i = random.nextInt(8); i >= 0; i--) {
                changes.add(randomChange(random));
            }
            try {
                routes.apply(changes);
            } catch (TableFullException full) {
                assertThat(full.applied()).isLessThan(changes.size());
            }
            assertAgreement();
        }
    }

    private static RouteChange randomChange(SplittableRandom random) {
        byte[] octets = {10, (byte) random.nextInt(2), (byte) (random.nextInt(2) << 7), (byte) random.nextInt(2)};
        IpPrefix prefix = IpPrefix.of(octets, random.nextInt(33));
        return random.nextInt(3) == 0 ? new Remove(prefix) : new Put(prefix, hop(random.nextInt(6)));
    }

    private void assertAgreement() {
        Map<IpPrefix, NextHop> all = routes.all();
        assertThat(table.size()).as(Seed.hint()).isEqualTo(all.size());
        for (int i = 0; i < 8; i++) {
            byte[] address = {10, (byte) (i & 1), (byte) ((i >> 1 & 1) << 7), (byte) (i >> 2)};
            NextHop expected = null;
            for (int depth = 32; depth >= 0 && expected == null; depth--) {
                expected = all.get(IpPrefix.of(address, depth));
            }
            int slot = table.lookup(address);
            ByteBuffer content = slot < 0 ? null : written.get(slot);
            assertThat(content).as(Seed.hint()).isEqualTo(expected == null ? null : NextHops.encode(expected));
        }
    }
}
