package io.vnfkit.ivshmem.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.ivshmem.access.Accesses;
import io.vnfkit.ivshmem.access.ObservedClasses;
import io.vnfkit.ivshmem.access.WeakMemory;
import io.vnfkit.ivshmem.access.WeakMemory.Weakening;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two sides of an object on a memory that keeps no order but those that they ask for; and that each of these is needed,
 * since without it something is seen that should not be. {@code -Dorder.rounds=100000} tries more.
 */
@Timeout(3600)
class MemoryOrderTest {

    private static final int ROUNDS = Integer.getInteger("order.rounds", 300);
    private static final long SEED = Long.getLong("order.seed", 20261127);
    private static final int TURNS = 60;

    private final ObservedClasses classes = new ObservedClasses();

    @AfterEach
    void forget() {
        Accesses.forget();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RingDuel", "MessageDuel", "BroadcastDuel", "TableDuel"})
    void theOrdersThatAreAskedForAreEnough(String name) throws ClassNotFoundException {
        for (long seed = SEED; seed < SEED + ROUNDS; seed++) {
            fight(name, seed, Weakening.NONE);
        }
        assertThat(ROUNDS).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"RingDuel,RELEASE_STORE", "RingDuel,ACQUIRE_LOAD", "MessageDuel,RELEASE_STORE", "MessageDuel,ACQUIRE_LOAD",
        "BroadcastDuel,RELEASE_STORE", "BroadcastDuel,RELEASE_FENCE", "BroadcastDuel,ACQUIRE_LOAD",
        "BroadcastDuel,ACQUIRE_FENCE", "TableDuel,RELEASE_STORE", "TableDuel,RELEASE_FENCE", "TableDuel,ACQUIRE_LOAD",
        "TableDuel,ACQUIRE_FENCE"})
    void noneOfThemCanBeLeftOut(String name, Weakening weakening) throws ClassNotFoundException {
        boolean isNoticed = false;
        for (long seed = SEED; !isNoticed && seed < SEED + 10_000; seed++) {
            try {
                fight(name, seed, weakening);
            } catch (AssertionError noticed) {
                isNoticed = true;
            }
        }
        assertThat(isNoticed).as("%s without %s", name, weakening).isTrue();
    }

    private void fight(String name, long seed, Weakening weakening) throws ClassNotFoundException {
        Class<? extends Duel> type = Class.forName("io.vnfkit.ivshmem.order." + name).asSubclass(Duel.class);
        Random random = new Random(seed);
        try (Duel duel = classes.make(Duel.class, type)) {
            WeakMemory memory = new WeakMemory(random, duel.memory(), 2, weakening);
            Accesses.observe(memory);
            int writes = 1 + random.nextInt(4);
            for (int turn = 0; turn < TURNS; turn++) {
                boolean isWrite = random.nextInt(writes + 1) > 0;
                memory.runAs(isWrite ? 0 : 1);
                if (isWrite) {
                    duel.write();
                } else {
                    duel.read();
                }
            }
            memory.catchUp(1);
            memory.runAs(1);
            duel.finish();
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError(name + " with seed " + seed + " without " + weakening + ": " + failure, failure);
        } finally {
            Accesses.forget();
        }
    }
}
