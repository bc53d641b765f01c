package io.vnfkit.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names and their locks, on the real kernel below a directory of the test; root is not needed. */
@Timeout(60)
class NameLocksTest {

    private final Syscalls syscalls = Syscalls.host();

    @TempDir
    private Path directory;

    private StateDirectory state;
    private NameLocks locks;

    @BeforeEach
    void prepare() {
        state = new StateDirectory(syscalls, directory.resolve("vnfkit"));
        locks = new NameLocks(syscalls, state);
    }

    @Test
    void aNameIsHeldFromTheClaimToTheRelease() {
        assertThat(locks.isHeld("a")).isFalse();
        NameClaim claim = locks.tryClaim("a").orElseThrow();
        assertThat(locks.isHeld("a")).isTrue();
        assertThat(locks.tryClaim("a")).isEmpty();
        assertThat(locks.tryClaim("b")).hasValueSatisfying(NameClaim::release);
        claim.release();
        claim.release();
        assertThat(locks.isHeld("a")).isFalse();
        assertThat(directory.resolve("vnfkit")).as("the directory goes with the last name").doesNotExist();
    }

    @Test
    void aCopyOfTheDescriptorHoldsTheNameAsTheSupervisorDoes() {
        NameClaim claim = locks.tryClaim("a").orElseThrow();
        int ofSupervisor = syscalls.duplicate(claim.lock(), 3);
        claim.close();
        assertThat(claim.isOpen()).isFalse();
        assertThat(locks.isHeld("a")).isTrue();
        assertThat(locks.tryClaim("a")).isEmpty();
        syscalls.close(ofSupervisor);
        assertThat(locks.isHeld("a")).isFalse();
        locks.tryClaim("a").orElseThrow().release();
    }

    @Test
    void whoLooksDoesNotLookHeldToWhoElseLooks() {
        locks.tryClaim("a").orElseThrow().close();
        int looker = syscalls.open(state.lockOf("a"), LinuxConstants.O_RDONLY, 0);
        assertThat(syscalls.tryLockShared(looker)).isTrue();
        assertThat(locks.isHeld("a")).isFalse();
        syscalls.close(looker);
    }

    @Test
    void lookingMakesNothing() {
        assertThat(locks.isHeld("a")).isFalse();
        assertThat(state.names()).isEmpty();
        assertThat(state.record("a")).isEmpty();
        assertThat(state.openExitRecord("a")).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void onlyOneOfManyHoldsANameAtATime() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        int[] holders = new int[1];
        try {
            List<Future<Integer>> done = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                done.add(threads.submit(() -> claimAndRelease(holders)));
            }
            int claims = 0;
            for (Future<Integer> each : done) {
                claims += each.get(60, TimeUnit.SECONDS);
            }
            assertThat(claims).isPositive();
        } finally {
            threads.shutdownNow();
        }
        assertThat(directory).isEmptyDirectory();
    }

    private int claimAndRelease(int[] holders) {
        int claims = 0;
        for (int i = 0; i < 300; i++) {
            NameClaim claim = locks.tryClaim("a").orElse(null);
            if (claim == null) {
                continue;
            }
            claims++;
            // Not synchronized on purpose: the lock alone keeps the others away.
            holders[0]++;
            assertThat(holders[0]).isEqualTo(1);
            holders[0]--;
            claim.release();
        }
        return claims;
    }

    @Test
    void aDirectoryThatCannotBeMadeIsAnErrorAndNotAnEndlessLoop() {
        StateDirectory nowhere = new StateDirectory(syscalls, directory.resolve("missing/vnfkit"));
        assertThatIllegalStateException().isThrownBy(() -> new NameLocks(syscalls, nowhere).tryClaim("a"))
                .withMessageContaining("missing/vnfkit");
    }

    @Test
    void theExitRecordCanBeReadAfterTheNameWasGivenUp() {
        NameClaim claim = locks.tryClaim("a").orElseThrow();
        int reader = state.openExitRecord("a").orElseThrow();
        assertThat(state.exitRecord(reader)).isEmpty();
        syscalls.write(claim.lock(), ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, 0x58464e56).putInt(4, 143).putInt(8, 15));
        claim.release();
        assertThat(state.exitRecord(reader).orElseThrow().code()).isEqualTo(143);
        syscalls.close(reader);
    }

    @Test
    void whatIsNoDirectoryOfAVnfIsNotListed() throws Exception {
        NameClaim claim = locks.tryClaim("real").orElseThrow();
        Files.createFile(state.vnfs().resolve("file"));
        Files.createDirectory(state.vnfs().resolve(".hidden"));
        Files.createDirectory(state.vnfs().resolve("a b"));
        Files.createDirectory(state.vnfs().resolve("x".repeat(65)));
        Files.createDirectory(state.vnfs().resolve("foreign"));
        Files.createFile(state.vnfs().resolve("foreign").resolve("notes"));
        assertThat(state.names()).containsExactly("real");
        claim.release();
        assertThat(state.vnfs()).exists();
    }
}
