package io.vnfkit.ivshmem.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.linux.SharedMemoryCalls;
import io.vnfkit.linux.Syscalls;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowsTest {

    private static final long GIB = 1L << 30;

    private record Part(long offset, long length) {}

    private static List<Part> cut(long size, int longestPiece) {
        List<Part> parts = new ArrayList<>();
        new Windows(size, longestPiece, (offset, length) -> {
            parts.add(new Part(offset, length));
            return ByteBuffer.allocate(0);
        });
        return parts;
    }

    @Test
    void oneWindowHoldsWhatIsSmall() {
        assertThat(cut(4096, 100)).containsExactly(new Part(0, 4096));
        assertThat(cut(GIB, 100)).containsExactly(new Part(0, GIB));
    }

    @Test
    void windowsReachOnByAPieceAndEndWithTheMemory() {
        assertThat(cut(2 * GIB + 50, 100)).containsExactly(
                new Part(0, GIB + 100), new Part(GIB, GIB + 50), new Part(2 * GIB, 50));
    }

    @Test
    void theLongestPieceStillMakesABufferOfJava() {
        assertThat(cut(3 * GIB, Windows.LONGEST_PIECE)).startsWith(new Part(0, Integer.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Windows.LONGEST_PIECE + 1, Integer.MAX_VALUE})
    void aPieceThatNoWindowHoldsIsRefused(int longest) {
        assertThatThrownBy(() -> cut(GIB, longest)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not " + longest);
    }

    /** Sparse memory: the pages that nobody touches cost nothing. */
    @ParameterizedTest
    @ValueSource(longs = {0, GIB - 4, GIB, 2 * GIB - 4, 2 * GIB, 3 * GIB - 4, 4 * GIB, 5 * GIB - 8})
    void aPieceAcrossTwoGibibytesIsTheSameMemory(long offset) {
        SharedMemoryCalls calls = SharedMemoryCalls.host();
        int file = calls.memfd("vnfkit-windows");
        Syscalls.host().ftruncate(file, 5 * GIB);
        try (MappedMemory memory = MappedMemory.map(calls, file, 5 * GIB, Access.READ_WRITE)) {
            Windows windows = new Windows(memory.length(), 8, memory::window);

            windows.of(offset).putLong(Windows.indexOf(offset), 0x0123456789abcdefL);

            assertThat(memory.window(offset, 8).getLong(0)).isEqualTo(0x0123456789abcdefL);
        } finally {
            Syscalls.host().close(file);
        }
    }
}
