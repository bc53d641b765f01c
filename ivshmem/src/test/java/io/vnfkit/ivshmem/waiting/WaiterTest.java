package io.vnfkit.ivshmem.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.TestRegions;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.memory.SharedWords;
import io.vnfkit.ivshmem.message.MessageConsumer;
import io.vnfkit.ivshmem.message.MessageProducer;
import io.vnfkit.ivshmem.message.MessageRing;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.linux.UnixSocketCalls;
import io.vnfkit.unit.Bytes;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class WaiterTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final BooleanSupplier NEVER = () -> false;

    private final Region region = TestRegions.make(Bytes.mebibytes(1));
    private final Region other = TestRegions.attach(region);
    private final int event = UnixSocketCalls.host().eventfd();
    private final Doorbell doorbell = Doorbell.create(region, "bell", "test");

    @AfterEach
    void detach() {
        other.close();
        region.close();
        Syscalls.host().close(event);
    }

    private static Stream<String> strategies() {
        return Stream.of("busyPoll", "backOff", "doorbell");
    }

    private WaitStrategy strategy(String name) {
        return switch (name) {
            case "busyPoll" -> WaitStrategy.busyPoll();
            case "backOff" -> WaitStrategy.backOff(Duration.ofNanos(1000), Duration.ofMillis(1));
            default -> WaitStrategy.doorbell(Doorbell.open(other, "bell").sleeper(event));
        };
    }

    private Waiter waiter(String strategy) {
        return new Waiter(other, () -> true, strategy(strategy));
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void whatIsThereIsReadyAtOnce(String strategy) {
        assertThat(waiter(strategy).await(() -> true, Duration.ZERO)).isEqualTo(WaitResult.READY);
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void timeRunsOut(String strategy) {
        long start = System.nanoTime();
        assertThat(waiter(strategy).await(NEVER, SHORT)).isEqualTo(WaitResult.TIMED_OUT);
        assertThat(System.nanoTime() - start).isBetween(SHORT.toNanos(), LONG.toNanos());
        assertThat(waiter(strategy).await(NEVER, Duration.ZERO)).isEqualTo(WaitResult.TIMED_OUT);
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void aPeerThatEndsIsNoticed(String strategy) {
        MessageProducer producer = MessageRing.create(region, "ring", Bytes.of(1024), "").producer();
        try (MessageConsumer consumer = MessageRing.open(other, "ring").consumer()) {
            AtomicInteger looks = new AtomicInteger();
            WaitResult result = new Waiter(other, consumer::isPeerPresent, strategy(strategy)).await(() -> {
                if (looks.incrementAndGet() == 50) {
                    producer.close();
                }
                return !consumer.isEmpty();
            }, LONG);
            assertThat(result).isEqualTo(WaitResult.PEER_LOST);
        }
    }

    @Test
    void whoDiesBeforeItSignalsIsNoticedAllTheSame() throws Exception {
        MessageProducer producer = MessageRing.create(region, "ring", Bytes.of(1024), "").producer();
        ByteBuffer words = region.window(doorbell.object());
        try (MessageConsumer consumer = MessageRing.open(other, "ring").consumer()) {
            Waiter waiter = new Waiter(other, consumer::isPeerPresent, strategy("doorbell"));
            AtomicReference<WaitResult> result = new AtomicReference<>();
            Thread waiting = new Thread(() -> result.set(waiter.await(() -> !consumer.isEmpty(), LONG)));
            waiting.start();
            while (SharedWords.intOpaque(words, Doorbell.SLEEPS_AT) == 0) {
                Thread.onSpinWait();
            }
            // As a ringer does that is killed behind its last store.
            producer.offer(1, new byte[1], 0, 1);
            SharedWords.intOpaque(words, Doorbell.SLEEPS_AT, 0);
            producer.close();

            waiting.join(LONG.toMillis() / 2);
            assertThat(result.get()).isEqualTo(WaitResult.READY);
        }
    }

    @Test
    void aSleeperThatDiesLeavesADoorbellThatRings() {
        ByteBuffer words = region.window(doorbell.object());
        doorbell.sleeper(event);
        SharedWords.intOpaque(words, Doorbell.SLEEPS_AT, 1);
        DoorbellRinger ringer = doorbell.ringer(event);

        assertThat(ringer.ring()).isTrue();
        assertThat(ringer.ring()).isFalse();

        // Its successor finds the signal, and goes on.
        DoorbellSleeper next = Doorbell.open(other, "bell").sleeper(event);
        next.sleep(LONG.toNanos(), NEVER);
        boolean[] isRung = new boolean[1];
        next.sleep(LONG.toNanos(), () -> {
            isRung[0] = ringer.ring();
            return false;
        });
        assertThat(isRung[0]).isTrue();
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void whatAPeerLeftIsReadyBeforeItIsLost(String strategy) {
        MessageProducer producer = MessageRing.create(region, "ring", Bytes.of(1024), "").producer();
        try (MessageConsumer consumer = MessageRing.open(other, "ring").consumer()) {
            // It sends, and ends, between the first look and the question whether it is there.
            BooleanSupplier peerPresent = () -> {
                producer.offer(1, new byte[1], 0, 1);
                producer.close();
                return consumer.isPeerPresent();
            };
            Waiter waiter = new Waiter(other, peerPresent, strategy(strategy));
            assertThat(waiter.await(() -> !consumer.isEmpty(), LONG)).isEqualTo(WaitResult.READY);
        }
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void aRegionThatIsGivenUpIsNoticed(String strategy) {
        Path file = Path.of("/dev/shm", "vnfkit-waiter-test-" + ProcessHandle.current().pid());
        try (Region named = Region.create(file, TestRegions.describe(Bytes.mebibytes(1)))) {
            AtomicInteger looks = new AtomicInteger();
            Waiter waiter = new Waiter(named, () -> true, strategy(strategy));
            assertThat(waiter.await(() -> {
                if (looks.incrementAndGet() == 50) {
                    Region.destroy(file);
                }
                return false;
            }, LONG)).isEqualTo(WaitResult.REGION_RETIRED);
        }
    }

    @Test
    void aRegionThatIsDetachedIsNoticed() {
        Waiter waiter = waiter("backOff");
        other.close();
        assertThat(waiter.await(NEVER, LONG)).isEqualTo(WaitResult.REGION_RETIRED);
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void anInterruptEndsAWait(String strategy) {
        Thread.currentThread().interrupt();
        try {
            assertThat(waiter(strategy).await(NEVER, LONG)).isEqualTo(WaitResult.INTERRUPTED);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void thePeerIsAskedForSeldom() {
        AtomicInteger asked = new AtomicInteger();
        Waiter waiter = new Waiter(other, () -> asked.incrementAndGet() > 0, WaitStrategy.busyPoll());
        waiter.await(NEVER, Duration.ofMillis(100));
        assertThat(asked.get()).isBetween(2, 11);
    }

    @Test
    void exceptionsOfTheLookGoToTheCaller() {
        assertThatThrownBy(() -> waiter("backOff").await(() -> {
            throw new DamagedRegionException("look");
        }, LONG)).isInstanceOf(DamagedRegionException.class);
    }

    @Test
    void sleepsBecomeLongerUpToALimit() {
        BackOff backOff = new BackOff(1, 1, 1000, 5000);
        assertThat(Stream.of(0, 1, 2, 3, 62, 63, Integer.MAX_VALUE).map(backOff::sleep))
                .containsExactly(1000L, 2000L, 4000L, 5000L, 5000L, 5000L, 5000L);
        assertThatThrownBy(() -> WaitStrategy.backOff(Duration.ZERO, SHORT)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WaitStrategy.backOff(LONG, SHORT)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDoorbellRingsOnlyForWhoSleeps() {
        DoorbellRinger ringer = doorbell.ringer(event);
        assertThat(ringer.ring()).isFalse();
        DoorbellSleeper sleeper = Doorbell.open(other, "bell").sleeper(event);
        assertThat(ringer.ring()).isFalse();

        sleeper.sleep(LONG.toNanos(), () -> {
            assertThat(ringer.ring()).isTrue();
            assertThat(ringer.ring()).isFalse();
            return false;
        });

        assertThat(UnixSocketCalls.host().drain(event)).isZero();
        assertThat(ringer.ring()).isFalse();
    }

    @Test
    void whatIsNoDoorbellIsRefused() {
        region.createZone("zone", Bytes.of(4096), "");
        assertThatThrownBy(() -> Doorbell.open(other, "zone")).isInstanceOf(DamagedRegionException.class);
    }

    @Test
    void whoSleepsOnReadOnlyMemoryIsRefused() {
        try (Region readOnly = Region.attach(region.descriptor(), Access.READ_ONLY)) {
            Doorbell found = Doorbell.open(readOnly, "bell");
            assertThatThrownBy(() -> found.sleeper(event)).isInstanceOf(ReadOnlyBufferException.class);
        }
    }

    @Test
    void noRingingIsLost() throws Exception {
        assertThat(longestSleep(100_000, UnixSocketCalls.host())).as("longest sleep in ns")
                .isLessThan(TimeUnit.SECONDS.toNanos(1));
    }

    /** Without system calls both sides meet at the word more closely, and thousands of times more often. */
    @Test
    void noRingingIsLostWhereBothComeToTheWordAtOnce() throws Exception {
        AtomicBoolean signalled = new AtomicBoolean();
        UnixSocketCalls calls = (UnixSocketCalls) Proxy.newProxyInstance(UnixSocketCalls.class.getClassLoader(),
                new Class<?>[] {UnixSocketCalls.class}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "signal" -> {
                        signalled.set(true);
                        yield null;
                    }
                    case "drain" -> {
                        signalled.set(false);
                        yield 1L;
                    }
                    default -> {
                        long start = System.nanoTime();
                        while (!signalled.get() && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(2)) {
                            Thread.onSpinWait();
                        }
                        yield signalled.get() ? List.of(new UnixSocketCalls.Ready(event, true, false)) : List.of();
                    }
                });
        assertThat(longestSleep(2_000_000, calls)).as("longest sleep in ns").isLessThan(TimeUnit.SECONDS.toNanos(1));
    }

    private long longestSleep(int count, UnixSocketCalls calls) throws InterruptedException {
        DoorbellRinger ringer = new DoorbellRinger(region.window(doorbell.object()), event, calls);
        DoorbellSleeper sleeper = new DoorbellSleeper(other.window(doorbell.object()), event, calls);
        AtomicLong sent = new AtomicLong();
        AtomicLong received = new AtomicLong();
        AtomicBoolean isOver = new AtomicBoolean();
        Thread producer = new Thread(() -> {
            for (int i = 1; i <= count && !isOver.get(); i++) {
                while (received.get() < i - 1 && !isOver.get()) {
                    Thread.onSpinWait();
                }
                for (int delay = i & 63; delay > 0; delay--) {
                    received.getOpaque();
                }
                sent.lazySet(i);
                ringer.ring();
            }
        });
        producer.start();
        long longest = 0;
        for (int i = 1; i <= count && longest < TimeUnit.SECONDS.toNanos(1); i++) {
            long next = i;
            long start = System.nanoTime();
            while (sent.getOpaque() < next) {
                sleeper.sleep(TimeUnit.SECONDS.toNanos(2), () -> sent.getOpaque() >= next);
            }
            longest = Math.max(longest, System.nanoTime() - start);
            received.lazySet(i);
        }
        isOver.set(true);
        producer.join();
        return longest;
    }
}
