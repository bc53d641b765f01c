package io.vnfkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.linux.Syscalls.Pipe;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PollTest {

    private final Syscalls kernel = Syscalls.host();
    private final Descriptors descriptors = new Descriptors(kernel);

    @AfterEach
    void closeDescriptors() {
        descriptors.close();
    }

    @Test
    void nothingToReadEndsAtTheTimeoutAndNotBefore() {
        Pipe pipe = descriptors.pipe();
        long start = System.nanoTime();

        assertThat(kernel.poll(Duration.ofMillis(30), pipe.readEnd())).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(30));
    }

    @Test
    void aTimeoutBelowAMillisecondIsRoundedUp() {
        Pipe pipe = descriptors.pipe();
        long start = System.nanoTime();

        assertThat(kernel.poll(Duration.ofNanos(1), pipe.readEnd())).isEmpty();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1);
    }

    @Test
    void theFirstReadyDescriptorIsFound() {
        Pipe quiet = descriptors.pipe();
        Pipe ready = descriptors.pipe();
        kernel.write(ready.writeEnd(), ByteBuffer.allocate(1));

        assertThat(kernel.poll(Duration.ofSeconds(30), quiet.readEnd(), ready.readEnd(), ready.readEnd()))
                .isEqualTo(OptionalInt.of(1));
    }

    @Test
    void aPipeThatHungUpIsReady() {
        Pipe pipe = descriptors.pipe();
        descriptors.closeNow(pipe.writeEnd());

        assertThat(kernel.poll(Duration.ofSeconds(-1), pipe.readEnd())).isEqualTo(OptionalInt.of(0));
    }

    @Test
    void anEventWakesAThreadThatPollsForEver() {
        int event = descriptors.keep(kernel.eventfd());
        CompletableFuture<OptionalInt> polling =
                CompletableFuture.supplyAsync(() -> kernel.poll(Duration.ofSeconds(-1), event));

        kernel.write(event, ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(0, 1));

        assertThat(polling.join()).isEqualTo(OptionalInt.of(0));
    }

    @Test
    void hugeTimeoutsAreWaitsToo() {
        Pipe pipe = descriptors.pipe();
        kernel.write(pipe.writeEnd(), ByteBuffer.allocate(1));

        assertThat(kernel.poll(Duration.ofSeconds(Long.MAX_VALUE), pipe.readEnd())).isEqualTo(OptionalInt.of(0));
    }

    @Test
    void aDescriptorThatIsNotOpenIsAnError() {
        assertThatThrownBy(() -> kernel.poll(Duration.ofSeconds(30), 1_000_000))
                .isInstanceOfSatisfying(SystemCallException.class,
                        failure -> assertThat(failure.errno()).isEqualTo(Errno.EBADF));
    }

    @Test
    void noDescriptorAtAllIsAWait() {
        assertThat(kernel.poll(Duration.ofMillis(2))).isEmpty();
    }
}
