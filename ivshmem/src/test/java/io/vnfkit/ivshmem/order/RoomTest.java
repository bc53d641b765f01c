package io.vnfkit.ivshmem.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.ivshmem.access.Accesses;
import io.vnfkit.ivshmem.access.ObservedClasses;
import io.vnfkit.ivshmem.access.Observer;
import io.vnfkit.ivshmem.access.Order;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A consumer gives room back behind the last of its loads there, in the program and by its order; a producer learns of it
 * by a load that its stores stay behind. {@link MemoryOrderTest} does not show that.
 */
class RoomTest {

    private final List<Step> steps = new ArrayList<>();

    private record Step(boolean isStore, int at, int size, Order order) {

        /** A store of both indexes of a side is one of either. */
        boolean covers(int index) {
            return at <= index && index < at + size;
        }
    }

    private final class Recorder implements Observer {

        @Override
        public long load(int at, int size, Order order, ByteBuffer memory, int index) {
            steps.add(new Step(false, at, size, order));
            return Observer.super.load(at, size, order, memory, index);
        }

        @Override
        public void store(int at, int size, Order order, ByteBuffer memory, int index, long value) {
            steps.add(new Step(true, at, size, order));
            Observer.super.store(at, size, order, memory, index, value);
        }
    }

    @AfterEach
    void forget() {
        Accesses.forget();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RingDuel", "MessageDuel"})
    void roomIsGivenBackLastAndTakenFirst(String name) throws ClassNotFoundException {
        Class<? extends Duel> type = Class.forName("io.vnfkit.ivshmem.order." + name).asSubclass(Duel.class);
        try (Duel duel = new ObservedClasses().make(Duel.class, type)) {
            int room = duel.roomAt();
            Accesses.observe(new Recorder());
            int given = 0;
            int taken = 0;
            for (int i = 0; i < 200; i++) {
                steps.clear();
                duel.write();
                taken += loadsOf(room);
                steps.clear();
                duel.read();
                given += storesOf(room);
            }
            assertThat(given).isPositive();
            assertThat(taken).isPositive();
        }
    }

    private int loadsOf(int room) {
        List<Step> loads = steps.stream().filter(step -> !step.isStore && step.covers(room)).toList();
        assertThat(loads).allMatch(step -> step.order == Order.ACQUIRE);
        return loads.size();
    }

    private int storesOf(int room) {
        List<Step> stores = steps.stream().filter(step -> step.isStore && step.covers(room)).toList();
        if (!stores.isEmpty()) {
            assertThat(stores).hasSize(1);
            Step last = steps.get(steps.size() - 1);
            assertThat(last).isSameAs(stores.get(0));
            assertThat(last.order).isEqualTo(Order.RELEASE);
        }
        return stores.size();
    }
}
