package io.vnfkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.linux.SharedMemoryCalls.OpenFile;
import io.vnfkit.linux.SharedMemoryCalls.Seal;
import io.vnfkit.unit.NodeSet;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SharedMemoryTest {

    private static final int LENGTH = 64 << 10;
    private static final int READ_WRITE = SharedMemoryCalls.PROT_READ | SharedMemoryCalls.PROT_WRITE;

    private final SharedMemoryCalls memory = SharedMemoryCalls.host();
    private final Descriptors descriptors = new Descriptors(Syscalls.host());

    @TempDir
    private Path directory;

    @AfterEach
    void closeDescriptors() {
        descriptors.close();
    }

    private int memfd() {
        int descriptor = descriptors.keep(memory.memfd("vnfkit-test"));
        Syscalls.host().ftruncate(descriptor, LENGTH);
        return descriptor;
    }

    @Test
    void twoMappingsOfAFileAreTheSameMemory() {
        int file = memfd();
        long left = memory.map(0, LENGTH, READ_WRITE, SharedMemoryCalls.MAP_SHARED, file, 0);
        long right = memory.map(0, LENGTH, SharedMemoryCalls.PROT_READ, SharedMemoryCalls.MAP_SHARED, file, 0);

        memory.view(left, LENGTH).putLong(4096, 0x0123456789abcdefL);

        ByteBuffer view = memory.view(right, LENGTH);
        assertThat(view.getLong(4096)).isEqualTo(0x0123456789abcdefL);
        memory.unmap(left, LENGTH);
        memory.unmap(right, LENGTH);
    }

    @Test
    void pagesBeyondTheEndOfTheFileCannotBeReadAndNothingIsThrownForIt() {
        int file = memfd();
        long address = memory.map(0, LENGTH, SharedMemoryCalls.PROT_READ, SharedMemoryCalls.MAP_SHARED, file, 0);
        assertThat(memory.canRead(address, LENGTH)).isTrue();

        Syscalls.host().ftruncate(file, LENGTH / 2);

        assertThat(memory.canRead(address, LENGTH / 2)).isTrue();
        assertThat(memory.canRead(address, LENGTH / 2 + 1)).isFalse();
        assertThat(memory.canRead(address + LENGTH / 2, 1)).isFalse();
        memory.unmap(address, LENGTH);
        assertThatThrownBy(() -> memory.canRead(address, LENGTH)).isInstanceOf(SystemCallException.class)
                .hasMessageContaining("madvise").hasMessageContaining("ENOMEM");
    }

    @Test
    void aMappingTakesThePlaceOfAnother() {
        int file = memfd();
        long address = memory.map(0, LENGTH, READ_WRITE, SharedMemoryCalls.MAP_SHARED, file, 0);
        memory.view(address, LENGTH).put(0, (byte) 1);

        long again = memory.map(address, LENGTH, READ_WRITE, SharedMemoryCalls.MAP_PRIVATE
                | SharedMemoryCalls.MAP_ANONYMOUS | SharedMemoryCalls.MAP_FIXED, -1, 0);

        assertThat(again).isEqualTo(address);
        assertThat(memory.view(address, LENGTH).get(0)).isZero();
        memory.unmap(address, LENGTH);
    }

    @Test
    void sealsAreKept() {
        int file = memfd();
        memory.addSeals(file, Set.of(Seal.SHRINK, Seal.GROW, Seal.SEAL));

        assertThat(memory.seals(file)).containsExactlyInAnyOrder(Seal.SHRINK, Seal.GROW, Seal.SEAL);
        assertThatThrownBy(() -> Syscalls.host().ftruncate(file, 0)).hasMessageContaining("EPERM");
        assertThatThrownBy(() -> memory.addSeals(file, Set.of(Seal.WRITE)))
                .hasMessageContaining("EPERM").hasMessageContaining("sealed against further seals");
    }

    @Test
    void aFileOfAnOrdinaryFileSystemHasNoSeals() throws Exception {
        Path path = Files.writeString(directory.resolve("file"), "text");
        int file = descriptors.open(path, LinuxConstants.O_RDONLY);

        assertThat(memory.seals(file)).isEmpty();
    }

    @Test
    void theStatusSaysWhichFileItIs() throws Exception {
        Path path = Files.writeString(directory.resolve("file"), "text");
        int file = descriptors.open(path, LinuxConstants.O_RDONLY);
        int same = descriptors.open(path, LinuxConstants.O_RDONLY);

        OpenFile status = memory.status(file);

        assertThat(status).isEqualTo(memory.status(same)).isNotEqualTo(memory.status(memfd()));
        assertThat(status.size()).isEqualTo(4);
        assertThat(status.isRegular()).isTrue();
        assertThat(status.inode()).isEqualTo(Files.getAttribute(path, "unix:ino"));
        assertThat(memory.status(descriptors.open(directory, LinuxConstants.O_RDONLY)).isRegular()).isFalse();
    }

    @Test
    void populatedPagesLieOnTheNodeTheyWereBoundTo() {
        int file = memfd();
        long address = memory.map(0, LENGTH, READ_WRITE, SharedMemoryCalls.MAP_SHARED, file, 0);

        memory.bind(address, LENGTH, NodeSet.of(0));
        memory.populate(address, LENGTH);

        assertThat(memory.nodeOf(address)).isZero();
        assertThatThrownBy(() -> memory.bind(address, LENGTH, NodeSet.of(900)))
                .hasMessageContaining("EINVAL").hasMessageContaining("900");
        memory.unmap(address, LENGTH);
    }

    @Test
    void allocatedFilesHaveTheirPages() {
        int file = memfd();

        memory.allocate(file, 0, 2 * LENGTH);

        assertThat(memory.status(file).size()).isEqualTo(2 * LENGTH);
    }

    @Test
    void locksBelongToTheOpenFileAndEndWithIt() throws Exception {
        Path path = Files.writeString(directory.resolve("file"), "text");
        int holder = Syscalls.host().open(path, LinuxConstants.O_RDWR, 0);
        int other = descriptors.open(path, LinuxConstants.O_RDWR);
        int reader = descriptors.open(path, LinuxConstants.O_RDONLY);

        assertThat(memory.tryLock(holder, 1L << 40, 1, true)).isTrue();
        assertThat(memory.tryLock(holder, 1L << 40, 1, true)).isTrue();
        assertThat(memory.tryLock(other, 1L << 40, 1, true)).isFalse();
        assertThat(memory.tryLock(reader, 1L << 40, 1, false)).isFalse();
        assertThat(memory.isLockedByOther(reader, 1L << 40, 1)).isTrue();
        assertThat(memory.isLockedByOther(holder, 1L << 40, 1)).isFalse();
        assertThat(memory.tryLock(other, (1L << 40) + 1, 1, true)).isTrue();

        Syscalls.host().close(holder);

        assertThat(memory.isLockedByOther(reader, 1L << 40, 1)).isFalse();
        assertThat(memory.tryLock(reader, 1L << 40, 1, false)).isTrue();
        assertThat(memory.tryLock(other, 1L << 40, 1, true)).isFalse();
        memory.unlock(reader, 1L << 40, 1);
        assertThat(memory.tryLock(other, 1L << 40, 1, true)).isTrue();
        assertThatThrownBy(() -> memory.tryLock(reader, 0, 1, true)).hasMessageContaining("EBADF");
    }
}
