package io.vnfkit.ivshmem.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.memory.MappedMemory;
import io.vnfkit.ivshmem.memory.SharedWords;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.unit.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryFileTest {

    private static final Bytes SIZE = Bytes.kibibytes(64);

    @TempDir
    private Path directory;

    @Test
    void sealedMemoryKeepsItsSize() {
        try (MemoryFile file = MemoryFile.sealed("vnfkit-memory-file", SIZE)) {
            assertThat(file.size()).isEqualTo(SIZE);
            assertThatThrownBy(() -> Syscalls.host().ftruncate(file.descriptor(), 4096))
                    .isInstanceOf(SystemCallException.class).hasMessageContaining("EPERM");
        }
    }

    @Test
    void aNamedFileIsMadeForItsOwnerAloneAndFoundAgain() throws Exception {
        Path path = directory.resolve("memory");
        try (MemoryFile made = MemoryFile.named(path, SIZE); MemoryFile found = MemoryFile.named(path, SIZE);
                MappedMemory left = made.map(Access.READ_WRITE); MappedMemory right = found.map(Access.READ_ONLY)) {
            SharedWords.longRelease(left.window(0, 8), 0, 42);

            assertThat(SharedWords.longAcquire(right.window(0, 8), 0)).isEqualTo(42);
        }
        assertThat(path).hasSize(SIZE.value());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rw-------");
        assertThatThrownBy(() -> MemoryFile.named(path, Bytes.kibibytes(128)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(path + " exists");
    }

    @Test
    void aFileThatGetsNoMemoryIsGoneAgain() {
        Path path = directory.resolve("memory");

        // More than any file system has.
        assertThatThrownBy(() -> MemoryFile.named(path, Bytes.of(1L << 62))).isInstanceOf(SystemCallException.class);

        assertThat(path).doesNotExist();
    }

    @Test
    void whatNoBarCanShowIsRefused() throws Exception {
        assertThatThrownBy(() -> MemoryFile.sealed("x", Bytes.mebibytes(6)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("power of two");
        Path odd = Files.write(directory.resolve("odd"), new byte[5000]);
        int descriptor = Syscalls.host().open(odd, 2, 0);
        assertThatThrownBy(() -> MemoryFile.duplicateOf(descriptor)).hasMessageContaining("5000");
        Syscalls.host().close(descriptor);
        Syscalls.Pipe pipe = Syscalls.host().pipe();
        assertThatThrownBy(() -> MemoryFile.duplicateOf(pipe.readEnd())).hasMessageContaining("no ordinary file");
        Syscalls.host().close(pipe.readEnd());
        Syscalls.host().close(pipe.writeEnd());
    }

    @Test
    void aClosedFileSaysSo() {
        MemoryFile file = MemoryFile.sealed("vnfkit-memory-file", SIZE);
        file.close();
        file.close();
        assertThatThrownBy(() -> file.map(Access.READ_ONLY)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> IvshmemServer.at(directory.resolve("s")).memory(file).open())
                .isInstanceOf(IllegalStateException.class);
    }
}
