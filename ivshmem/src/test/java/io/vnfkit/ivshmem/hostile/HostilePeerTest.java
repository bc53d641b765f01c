package io.vnfkit.ivshmem.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.ivshmem.access.Accesses;
import io.vnfkit.ivshmem.access.ObservedClasses;
import io.vnfkit.ivshmem.access.Saboteur;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Uses an object while somebody writes to it between any two loads, and, as threads do, at any moment: only documented
 * exceptions come, every call ends, and nothing outside the object is loaded or stored.
 *
 * <p>{@code -Dhostile.rounds=100000} tries more, {@code -Dhostile.seed} begins where a failure was.
 */
@Timeout(3600)
class HostilePeerTest {

    private static final int ROUNDS = Integer.getInteger("hostile.rounds", 200);
    private static final long SEED = Long.getLong("hostile.seed", 20261127);

    private final ObservedClasses classes = new ObservedClasses();

    @AfterEach
    void forget() {
        Accesses.forget();
    }

    private static Class<? extends Target> named(String name) throws ClassNotFoundException {
        return Class.forName("io.vnfkit.ivshmem.hostile." + name).asSubclass(Target.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MessageTarget", "RingTarget", "BroadcastTarget", "TableTarget", "PacketTarget", "DirectoryTarget"})
    void whatIsWrittenBetweenTwoLoadsHarmsNobody(String name) throws ClassNotFoundException {
        for (long seed = SEED; seed < SEED + ROUNDS; seed++) {
            Random random = new Random(seed);
            try (Target target = classes.make(Target.class, named(name))) {
                Saboteur saboteur = new Saboteur(new Random(seed), target.memory(), target.from(), target.to(),
                        target.directoryEnd(), 2 << random.nextInt(10));
                Accesses.observe(saboteur);
                target.use(random);
                Accesses.observe(null);
            } catch (RuntimeException | Error failure) {
                throw new AssertionError(name + " with seed " + seed + ": " + failure, failure);
            } finally {
                Accesses.forget();
            }
        }
        assertThat(ROUNDS).isPositive();
    }

    /** Compiled code, which may load a word twice where it stands once. */
    @ParameterizedTest
    @ValueSource(strings = {"MessageTarget", "RingTarget", "BroadcastTarget", "TableTarget", "PacketTarget", "DirectoryTarget"})
    void aThreadThatWritesAllTheTimeHarmsNobody(String name) throws Exception {
        for (long seed = SEED; seed < SEED + ROUNDS / 10; seed++) {
            Target target = named(name).getConstructor().newInstance();
            AtomicBoolean isOver = new AtomicBoolean();
            Thread saboteur = new Thread(write(target, new Random(seed), isOver), "saboteur");
            saboteur.start();
            try (target) {
                Random random = new Random(seed);
                for (int i = 0; i < 20; i++) {
                    target.use(random);
                }
                isOver.set(true);
                saboteur.join();
            } catch (RuntimeException | Error failure) {
                throw new AssertionError(name + " with seed " + seed + ": " + failure, failure);
            } finally {
                isOver.set(true);
                saboteur.join();
            }
        }
        assertThat(ROUNDS).isPositive();
    }

    /** Mostly where indexes and versions are, which is at the beginning. */
    private static Runnable write(Target target, Random random, AtomicBoolean isOver) {
        int from = target.from();
        int most = Math.min(512, target.to() - from);
        Saboteur saboteur = new Saboteur(random, target.memory().duplicate().order(ByteOrder.nativeOrder()), from, target.to(),
                0, 1);
        return () -> {
            while (!isOver.get()) {
                saboteur.sabotage(from + random.nextInt(most));
                for (int pause = random.nextInt(200); pause > 0; pause--) {
                    Thread.onSpinWait();
                }
            }
        };
    }
}
