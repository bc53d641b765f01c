package io.vnfkit.ivshmem.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.ivshmem.access.Accesses;
import io.vnfkit.ivshmem.access.Gallows;
import io.vnfkit.ivshmem.access.Killed;
import io.vnfkit.ivshmem.access.ObservedClasses;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Kills whoever changes an object before each of its stores in turn, and lets others take over: at once, after they have
 * looked at what is left, after a successor was killed too, and with stores left out that the compiler may have put off.
 *
 * <p>{@code -Dcrash.draws=100} tries more of what is drawn by lot, and every variant of a life rather than each so-and-so
 * many; {@code -Dcrash.seed} draws what an earlier run has drawn.
 */
@Timeout(1800)
class CrashAtEveryStoreTest {

    private static final int DRAWS = Integer.getInteger("crash.draws", 1);
    private static final long SEED = Long.getLong("crash.seed", 20261127);
    private static final int NEVER = Integer.MAX_VALUE;

    private final ObservedClasses classes = new ObservedClasses();

    @AfterEach
    void forget() {
        Accesses.forget();
    }

    @ParameterizedTest
    @CsvSource({"MessageProducerLife,6,1", "MessageConsumerLife,4,1", "RingProducerLife,6,1", "RingConsumerLife,4,1",
        "BroadcastLife,4,1", "TableLife,4,1", "PacketSenderLife,4,1", "PacketReceiverLife,4,1",
        "DirectoryLife,36,7", "PacketBothLife,32,5", "ManifestLife,4,1"})
    void whatIsPromisedHoldsAfterADeathAtAnyStore(String name, int variants, int step) throws ClassNotFoundException {
        Class<? extends Life> type = Class.forName("io.vnfkit.ivshmem.crash." + name).asSubclass(Life.class);
        int stores = 0;
        for (int variant = 0; variant < variants; variant += DRAWS > 1 ? 1 : step) {
            stores += killAtEach(type, variant);
        }
        assertThat(stores).as("deaths of " + name).isGreaterThan(variants / step);
    }

    private int killAtEach(Class<? extends Life> type, int variant) {
        for (int store = 0; ; store++) {
            boolean isKilled = live(type, variant, true, 0, List.of(store));
            live(type, variant, false, 0, List.of(store));
            if (!isKilled) {
                return store;
            }
            for (int draw = 1; draw <= DRAWS; draw++) {
                Random random = new Random(SEED + draw);
                List<Integer> deaths = List.of(store, random.nextInt(store + 10), random.nextInt(20));
                live(type, variant, draw % 2 == 0, 0, deaths);
                live(type, variant, draw % 2 == 0, SEED + draw, deaths);
                live(type, variant, true, SEED + draw, List.of(store));
            }
        }
    }

    /** Whether the first victim was killed. */
    private boolean live(Class<? extends Life> type, int variant, boolean isLookedAt, long seed, List<Integer> deaths) {
        Accesses.forget();
        Random random = new Random(seed);
        boolean isKilled = false;
        try (Life life = classes.make(Life.class, type, variant)) {
            for (int i = 0; i < deaths.size(); i++) {
                isKilled |= kill(life, deaths.get(i), seed == 0 ? null : random) && i == 0;
                if (isLookedAt) {
                    life.survivors();
                }
            }
            life.finish();
            return isKilled;
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError(type.getSimpleName() + "(" + variant + ") killed before stores " + deaths
                    + (isLookedAt ? ", looked at" : "") + (seed == 0 ? "" : ", some left out with seed " + seed) + ": "
                    + failure.getMessage(), failure);
        }
    }

    private static boolean kill(Life life, int store, Random leftOut) {
        life.prepare();
        byte[] before = new byte[life.memory().capacity()];
        life.memory().get(0, before);
        Gallows gallows = new Gallows(store);
        Accesses.observe(gallows);
        try {
            life.victim();
            return false;
        } catch (Killed killed) {
            return true;
        } finally {
            Accesses.observe(null);
            life.bury();
            if (leftOut != null) {
                gallows.leaveOut(life.memory(), before, leftOut);
            }
        }
    }
}
