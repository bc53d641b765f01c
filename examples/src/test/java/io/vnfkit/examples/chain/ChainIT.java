package io.vnfkit.examples.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.RunningVnf;
import io.vnfkit.Signal;
import io.vnfkit.StandardStreams;
import io.vnfkit.Stdio;
import io.vnfkit.VnfLauncher;
import io.vnfkit.dpdk.EalArguments;
import io.vnfkit.dpdk.statistics.StatisticsArea;
import io.vnfkit.dpdk.statistics.TaskStatistics;
import io.vnfkit.examples.GrantedVnf;
import io.vnfkit.examples.NothingLeft;
import io.vnfkit.hugetlb.HugepagePools;
import io.vnfkit.hugetlb.Reservation;
import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.RegionDescription;
import io.vnfkit.ivshmem.RegionStore;
import io.vnfkit.ivshmem.packet.PacketChannel;
import io.vnfkit.ivshmem.packet.PacketReceiver;
import io.vnfkit.ivshmem.packet.PacketSender;
import io.vnfkit.linux.Host;
import io.vnfkit.sysfs.SysfsMask;
import io.vnfkit.testing.Await;
import io.vnfkit.testing.HostShell;
import io.vnfkit.testing.RequiresLibrary;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three VNFs in a row that pass packets over channels of a region alone: every packet arrives, where it was made, and every
 * buffer is free in the end, also after the one in the middle was killed and another one took its place.
 */
@Tag("root")
@RequiresRoot
@RequiresLibrary(value = "librte_eal.so", debianPackage = "dpdk-dev")
@ExtendWith(NothingLeft.class)
@Timeout(240)
class ChainIT {

    private static final String REGION = "vnfkit-it-" + ProcessHandle.current().pid();
    private static final int BUFFERS = 4095;
    private static final long PACKETS = 300_000;
    private static final HugepagePools POOLS = HugepagePools.of(Host.thisHost());
    private static Reservation reserved;

    private final RegionStore store = RegionStore.onThisHost();

    @TempDir
    private Path directory;

    private Region region;

    /** A VNF that runs, and its counters. */
    private record Running(String name, RunningVnf vnf, StatisticsArea area) implements AutoCloseable {

        TaskStatistics counted() {
            return area.read(StageFunction.TASK);
        }

        void end() {
            vnf.stop(Duration.ofSeconds(30));
            assertThat(vnf.onExit().join()).as(name).isEqualTo(128 + Signal.TERM.number());
        }

        @Override
        public void close() {
            vnf.close();
        }
    }

    @BeforeAll
    static void reservePages() {
        // Four VNFs at most, and the region.
        reserved = POOLS.reserve(PageSize.MIB_2, 0, 4 * 32 + 16);
        reserved.orThrow();
    }

    @AfterAll
    static void releasePages() {
        POOLS.release(PageSize.MIB_2, 0, reserved.change());
    }

    @BeforeEach
    void makeChannels() {
        region = store.create(RegionDescription.of(REGION, Bytes.mebibytes(32)).nodes(NodeSet.of(0)));
        PacketChannel.create(region, "first", 2048, BUFFERS, "it");
        PacketChannel.create(region, "second", 2048, BUFFERS, "it");
    }

    @AfterEach
    void destroyRegion() {
        region.close();
        store.destroy(REGION);
    }

    private Running launch(String name, String from, String to, StageFunction function, String... more) throws IOException {
        Path shared = Files.createDirectories(directory.resolve(name));
        StageVnf stage = new StageVnf(
                REGION, Optional.ofNullable(from), Optional.ofNullable(to), function, shared);
        CpuSet cpus = GrantedVnf.allCpus();
        RunningVnf running = VnfLauncher.onThisHost().launch(stage.addTo(GrantedVnf.on(name, CpuSet.of(cpus.last()))
                        .namespaces(ns -> ns.isolateAll()).with(SysfsMask.onlyGranted())
                        .streams(new StandardStreams(Stdio.discard(), Stdio.pipe(), Stdio.inherit())),
                EalArguments.fromGrant(), more).build());
        try {
            BufferedReader output =
                    new BufferedReader(new InputStreamReader(running.standardOutput(), StandardCharsets.UTF_8));
            assertThat(output.readLine()).as(name).isEqualTo(Stage.READY);
            return new Running(name, running, StatisticsArea.open(stage.statistics()));
        } catch (IOException | RuntimeException | Error failure) {
            running.close();
            throw failure;
        }
    }

    private Running generator(long packets) throws IOException {
        return launch("generator", null, "first", StageFunction.GENERATOR, "--packets", Long.toString(packets));
    }

    private Running middle(String name) throws IOException {
        return launch(name, "first", "second", StageFunction.L2FWD);
    }

    private Running sink() throws IOException {
        return launch("sink", "second", null, StageFunction.SINK);
    }

    private static void await(String what, BooleanSupplier condition, Running... vnfs) {
        Await.until(() -> what + Arrays.stream(vnfs).map(vnf -> "; " + vnf.name() + ": " + vnf.counted())
                .collect(Collectors.joining()), condition);
    }

    /** Nobody has a side any more, and all buffers are free. */
    private void assertIdle(String name) {
        try (PacketReceiver receiver = PacketChannel.open(region, name).receiver();
                PacketSender sender = PacketChannel.open(region, name).sender()) {
            assertThat(receiver.size()).isZero();
            assertThat(sender.claim(new long[BUFFERS], 0, BUFFERS)).isEqualTo(BUFFERS);
        }
    }

    @Test
    void everyPacketPassesThreeVnfsWithoutACopyAndWithoutALoss() throws IOException {
        try (Running sink = sink(); Running middle = middle("middle"); Running generator = generator(PACKETS)) {
            await("all packets", () -> sink.counted().received() == PACKETS, generator, middle, sink);

            assertThat(sink.counted().lost()).isZero();
            assertThat(sink.counted().reordered()).isZero();
            assertThat(sink.counted().drops()).isEmpty();
            assertThat(middle.counted().drops()).isEmpty();
            assertThat(middle.counted().received()).isEqualTo(PACKETS);
            assertThat(middle.counted().sent()).isEqualTo(PACKETS);
            assertThat(middle.counted().copied()).isZero();
            assertThat(generator.counted().sent()).isEqualTo(PACKETS);
            assertThat(generator.counted().copied()).isZero();
            assertThat(generator.counted().drops()).isEmpty();
            generator.end();
            middle.end();
            sink.end();
        }
        assertIdle("first");
        assertIdle("second");
    }

    private static byte[] frame(int number) {
        Random random = new Random(number);
        byte[] frame = new byte[14 + random.nextInt(2048 - 128 - 14 + 1)];
        random.nextBytes(frame);
        return frame;
    }

    private static int send(PacketSender sender, int number) {
        long[] packet = new long[1];
        if (sender.claim(packet, 0, 1) == 0) {
            return 0;
        }
        byte[] frame = frame(number);
        packet[0] = sender.fill(packet[0], frame, 0, frame.length);
        return sender.send(packet, 0, 1);
    }

    @Test
    void whatJavaSendsThroughAVnfComesBackToJavaWithEveryByte() throws IOException {
        PacketChannel first = PacketChannel.open(region, "first");
        PacketChannel second = PacketChannel.open(region, "second");
        byte[] rewritten = HexFormat.of().parseHex("020000000001020000000002");
        try (PacketSender sender = first.sender(); PacketReceiver receiver = second.receiver();
                Running middle = middle("middle")) {
            long[] packets = new long[64];
            byte[] bytes = new byte[2048];
            int sent = 0;
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            for (int received = 0; received < 50_000;) {
                for (int i = 0; i < packets.length && sent < 50_000; i++) {
                    sent += send(sender, sent);
                }
                int count = receiver.receive(packets, 0, packets.length);
                for (int i = 0; i < count; i++) {
                    byte[] expected = frame(received + i);
                    System.arraycopy(rewritten, 0, expected, 0, rewritten.length);
                    int length = receiver.copy(packets[i], bytes, 0);
                    assertThat(Arrays.copyOf(bytes, length)).as("packet " + (received + i)).isEqualTo(expected);
                }
                receiver.release(packets, 0, count);
                received += count;
                assertThat(System.nanoTime()).as("%d of %d; %s", received, sent, middle.counted()).isLessThan(deadline);
            }
            assertThat(middle.counted().copied()).isZero();
            assertThat(middle.counted().drops()).isEmpty();
            middle.end();
        }
        assertIdle("first");
        assertIdle("second");
    }

    @Test
    void anotherVnfTakesThePlaceOfOneThatWasKilled() throws IOException {
        try (Running sink = sink(); Running generator = generator(0)) {
            try (Running middle = middle("middle")) {
                await("packets", () -> sink.counted().received() > 10_000, sink);
                HostShell.run("kill -9 " + middle.vnf().pid());
                middle.vnf().onExit().join();
            }
            try (Running next = middle("next")) {
                await("packets of the next one", () -> next.counted().sent() > 50_000, next, generator);
                TaskStatistics before = sink.counted();
                await("they arrive", () -> sink.counted().since(before).received() > 20_000, sink);
                assertThat(next.counted().copied()).isZero();
                assertThat(next.counted().drops()).isEmpty();
                assertThat(sink.counted().drops()).isEmpty();
                generator.end();
                next.end();
            }
            sink.end();
        }
        assertIdle("first");
        assertIdle("second");
    }
}
