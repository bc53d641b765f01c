package io.vnfkit.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.linux.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams over descriptors of pipes. */
@Timeout(60)
class DescriptorStreamsTest {

    private final Syscalls syscalls = Syscalls.host();
    private final Syscalls.Pipe pipe = syscalls.pipe();

    @Test
    void bytesComeOutAsTheyWentIn() throws Exception {
        byte[] sent = new byte[1 << 20];
        new Random(1).nextBytes(sent);
        CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
            try (DescriptorOutputStream out = new DescriptorOutputStream(syscalls, pipe.writeEnd())) {
                out.write(sent[0]);
                out.write(sent, 1, sent.length - 1);
                out.write(sent, 0, 0);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
        try (DescriptorInputStream in = new DescriptorInputStream(syscalls, pipe.readEnd())) {
            assertThat(in.read()).isEqualTo(sent[0] & 0xff);
            assertThat(in.read(new byte[4], 0, 0)).isZero();
            byte[] rest = in.readAllBytes();
            assertThat(rest).hasSize(sent.length - 1).endsWith(sent[sent.length - 1]).startsWith(sent[1]);
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.available()).isZero();
        }
        written.get(30, TimeUnit.SECONDS);
    }

    @Test
    void aDescriptorIsNotClosedUnderAThreadThatReadsFromIt() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        List<String> calls = new CopyOnWriteArrayList<>();
        Syscalls watched = watched(reading, calls);
        DescriptorInputStream in = new DescriptorInputStream(watched, pipe.readEnd());
        CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> {
            try {
                return in.read();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
        assertThat(reading.await(30, TimeUnit.SECONDS)).isTrue();
        in.close();
        in.close();
        assertThat(calls).as("its number could belong to another file by now").doesNotContain("close");
        syscalls.close(pipe.writeEnd());
        assertThat(read.get(30, TimeUnit.SECONDS)).isEqualTo(-1);
        assertThat(calls).containsOnlyOnce("close");
        assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessage("the stream is closed");
    }

    private Syscalls watched(CountDownLatch reading, List<String> calls) {
        return (Syscalls) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Syscalls.class},
                (proxy, method, values) -> {
                    calls.add(method.getName());
                    if (method.getName().equals("read")) {
                        reading.countDown();
                    }
                    try {
                        return method.invoke(syscalls, values);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }

    @Test
    void nothingIsReadOrWrittenAfterTheClose() throws Exception {
        DescriptorOutputStream out = new DescriptorOutputStream(syscalls, pipe.writeEnd());
        DescriptorInputStream in = new DescriptorInputStream(syscalls, pipe.readEnd());
        out.write(new byte[] {1, 2, 3});
        assertThat(in.read()).isEqualTo(1);
        in.close();
        assertThatThrownBy(in::read).as("not even what was read ahead").isInstanceOf(IOException.class);
        assertThatThrownBy(() -> out.write(1)).isInstanceOf(IOException.class).hasMessageContaining("EPIPE");
        out.close();
        out.close();
        assertThatThrownBy(() -> out.write(1)).isInstanceOf(IOException.class).hasMessage("the stream is closed");
    }
}
