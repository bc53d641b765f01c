package io.vnfkit.examples.benchmark.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LcoreThreadTest {

    @TempDir
    Path procfs;

    private void thread(int process, int number, String name) throws IOException {
        Path directory = Files.createDirectories(procfs.resolve(process + "/task/" + number));
        Files.writeString(directory.resolve("comm"), name + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rte-worker-1", "dpdk-worker1"})
    void isTheWorkerOfLcore1(String name) throws IOException {
        thread(70, 70, "java");
        thread(70, 71, "rte_mp_handle");
        thread(70, 72, name);
        thread(70, 73, name.replace('1', '2'));

        assertThat(LcoreThread.of(procfs, 70)).isEqualTo(72);
    }

    @Test
    void isTheFirstThreadWhereLcore1IsTheMainOne() throws IOException {
        thread(70, 70, "l3fwd");
        thread(70, 71, "eal-intr-thread");

        assertThat(LcoreThread.of(procfs, 70)).isEqualTo(70);
    }
}
