package io.vnfkit.ivshmem.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.memory.MappedMemory;
import io.vnfkit.ivshmem.memory.SharedWords;
import io.vnfkit.testing.LeakCheck;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresFreeHugepages;
import io.vnfkit.testing.RequiresGuestKernel;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A Linux guest in a real QEMU and this process share memory and wake each other, both ways. */
@Tag("root")
@RequiresCommand(value = "qemu-system-x86_64", debianPackage = "qemu-system-x86")
@RequiresCommand(value = "gcc", debianPackage = "gcc libc6-dev")
@RequiresGuestKernel
@RequiresFreeHugepages(size = "2M", count = 2)
@ExtendWith(LeakCheck.class)
@Timeout(180)
class QemuGuestIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Bytes SIZE = Bytes.mebibytes(1);
    private static final Bytes PAGES = Bytes.mebibytes(4);
    private static final long FROM_HOST = 0x1122_3344_5566_7788L;
    private static final long READ_ONLY = 0x0ff1_ceL;
    private static final long UNTOUCHED = 0x5afeL;
    private static final int ROUNDS = 20;
    // Words of the doorbell's memory, as in guest.h.
    private static final int HOST_ID = 0;
    private static final int GUEST_ID = 8;
    private static final int HOST_ROUND = 16;
    private static final int GUEST_ROUND = 24;
    private static final long LAST_ROUND = -1;

    @TempDir
    private Path directory;

    @Test
    void aGuestSharesMemoryAndRingsAndIsRung() throws Exception {
        Path socket = directory.resolve("doorbell");
        CompletableFuture<Departure> departure = new CompletableFuture<>();
        PeerListener listener = new PeerListener() {
            @Override
            public void left(ConnectedPeer peer, Departure why) {
                departure.complete(why);
            }
        };
        try (MemoryFile plain = MemoryFile.named(directory.resolve("plain"), SIZE);
                MemoryFile readOnly = MemoryFile.named(directory.resolve("read,only"), SIZE);
                MemoryFile doorbell = MemoryFile.sealedOnHugepages("vnfkit-doorbell", PageSize.MIB_2, PAGES);
                MappedMemory plainMap = plain.map(Access.READ_WRITE);
                MappedMemory readOnlyMap = readOnly.map(Access.READ_WRITE);
                IvshmemServer server = IvshmemServer.at(socket).memory(doorbell).vectors(2).firstId(7)
                        .listener(listener).open();
                IvshmemPeer self = server.join(PeerOptions.vectors(2));
                MappedMemory doorbellMap = self.map(Access.READ_WRITE)) {
            Thread serving = server.start(Thread::new);
            ByteBuffer memory = doorbellMap.window(0, 4096);
            SharedWords.longRelease(memory, HOST_ID, self.id());
            SharedWords.longRelease(plainMap.window(0, 8), 0, FROM_HOST);
            SharedWords.longRelease(readOnlyMap.window(0, 8), 0, READ_ONLY);
            SharedWords.longRelease(readOnlyMap.window(8, 8), 0, UNTOUCHED);

            try (Guest guest = Guest.boot(directory,
                    new IvshmemPlain("plain", directory.resolve("plain"), SIZE)
                            .on(NodePolicy.bind(NodeSet.of(0))).with("addr", "0x10"),
                    new IvshmemPlain("readonly", directory.resolve("read,only"), SIZE)
                            .asReadOnly().with("addr", "0x11"),
                    new IvshmemDoorbell("doorbell", socket, 2).with("addr", "0x12"))) {
                int peer = joined(self, guest);
                assertThat(self.awaitPeer(peer, 2, PATIENCE)).isTrue();

                assertThat(self.await(0, PATIENCE)).as(guest.output()).isPositive();
                assertThat(SharedWords.longAcquire(memory, GUEST_ID)).isEqualTo(peer);
                requirePlainMemoryExchanged(plainMap, readOnlyMap);
                for (int round = 1; round <= ROUNDS; round++) {
                    playRound(self, peer, memory, round, round % 2);
                }
                playRound(self, peer, memory, LAST_ROUND, 1);

                assertThat(self.events(PATIENCE)).as(guest.output()).containsExactly(new PeerEvent.Left(peer));
                assertThat(departure.get(60, TimeUnit.SECONDS)).isEqualTo(Departure.CLOSED);
                assertThat(server.peers()).extracting(ConnectedPeer::id).containsExactly(self.id());
                assertThat(guest.awaitEnd()).as(guest.output()).isZero();
            }
            server.close();
            serving.join();
        }
        assertThat(socket).doesNotExist();
    }

    private static int joined(IvshmemPeer self, Guest guest) throws IOException {
        List<PeerEvent> events = self.events(PATIENCE);
        assertThat(events).as(guest.output()).hasSize(1).first().isInstanceOf(PeerEvent.Joined.class);
        return ((PeerEvent.Joined) events.get(0)).peer();
    }

    private static void requirePlainMemoryExchanged(MappedMemory plain, MappedMemory readOnly) {
        ByteBuffer words = plain.window(0, 32);
        assertThat(SharedWords.longAcquire(words, 8)).isEqualTo(~FROM_HOST);
        assertThat(SharedWords.longAcquire(words, 16)).isEqualTo(READ_ONLY);
        assertThat(SharedWords.longAcquire(words, 24)).as("the guest's write to read-only memory").isEqualTo(UNTOUCHED);
        assertThat(SharedWords.longAcquire(readOnly.window(8, 8), 0)).isEqualTo(UNTOUCHED);
    }

    private static void playRound(IvshmemPeer self, int peer, ByteBuffer memory, long round, int vector) {
        SharedWords.longRelease(memory, HOST_ROUND, round);
        self.ring(peer, vector);
        assertThat(self.await(vector, PATIENCE)).as("answer of round " + round).isPositive();
        assertThat(SharedWords.longAcquire(memory, GUEST_ROUND)).isEqualTo(round);
    }
}
