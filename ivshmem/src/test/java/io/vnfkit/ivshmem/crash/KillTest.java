package io.vnfkit.ivshmem.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.TestRegions;
import io.vnfkit.unit.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Processes that use an object, each killed at some moment and followed by another one. {@code -Dkills=1000} kills more of
 * them than a build has the time for.
 */
@Timeout(7200)
class KillTest {

    private static final int KILLS = Integer.getInteger("kills", 5);
    private static final long SEED = Long.getLong("kills.seed", 20261127);

    private final Path file = Path.of("/dev/shm", "vnfkit-kill-" + ProcessHandle.current().pid());
    private Region region;

    @AfterEach
    void removeRegion() throws IOException {
        if (region != null) {
            region.close();
        }
        Files.deleteIfExists(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"messageProducer", "messageConsumer", "packetSender", "packetReceiver", "broadcastWriter",
        "tableWriter"})
    void whatIsPromisedHoldsAfterEachKill(String name) throws Exception {
        region = Region.create(file, TestRegions.describe(Bytes.kibibytes(512)));
        Random random = new Random(SEED);
        try (Subject subject = Subject.ALL.get(name).get()) {
            subject.make(region);
            long from = 0;
            for (int kill = 0; kill < KILLS; kill++) {
                Process victim = start(name, from);
                try {
                    long enough = subject.watch() + 1 + random.nextInt(20_000);
                    while (subject.watch() < enough) {
                        assertThat(victim.isAlive()).as("kill %d with seed %d", kill, SEED).isTrue();
                    }
                } finally {
                    victim.destroyForcibly().waitFor();
                }
                from = subject.settle();
            }
            assertThat(from).isGreaterThan(KILLS);
        }
    }

    private Process start(String name, long from) throws IOException {
        return new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-XX:+UseSerialGC", "-cp",
                System.getProperty("java.class.path"), Subject.Victim.class.getName(), name, file.toString(),
                Long.toString(from))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
