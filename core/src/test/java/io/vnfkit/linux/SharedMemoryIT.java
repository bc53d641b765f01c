package io.vnfkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.linux.SharedMemoryCalls.Seal;
import io.vnfkit.testing.RequiresFreeHugepages;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.PageSize;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@RequiresRoot
@RequiresFreeHugepages(count = 2)
@Timeout(60)
class SharedMemoryIT {

    private static final int READ_WRITE = SharedMemoryCalls.PROT_READ | SharedMemoryCalls.PROT_WRITE;

    private final SharedMemoryCalls memory = SharedMemoryCalls.host();
    private final Descriptors descriptors = new Descriptors(Syscalls.host());

    @AfterEach
    void closeDescriptors() {
        descriptors.close();
    }

    @Test
    void hugepagesAreTakenWhenTheFileIsMapped() {
        int pages = 2 << 20;
        int file = descriptors.keep(memory.hugepageMemfd("vnfkit-test", PageSize.MIB_2));
        Syscalls.host().ftruncate(file, pages);
        assertThat(memory.status(file).blockSize()).isEqualTo(pages);

        long address = memory.map(0, pages, READ_WRITE, SharedMemoryCalls.MAP_SHARED, file, 0);
        memory.populate(address, pages);
        memory.addSeals(file, Set.of(Seal.FUTURE_WRITE));
        memory.view(address, pages).putLong(0, 42);

        assertThatThrownBy(() -> memory.map(0, pages, READ_WRITE, SharedMemoryCalls.MAP_SHARED, file, 0))
                .hasMessageContaining("EPERM").hasMessageContaining("sealed against writing");
        long readOnly = memory.map(0, pages, SharedMemoryCalls.PROT_READ, SharedMemoryCalls.MAP_SHARED, file, 0);
        assertThat(memory.view(readOnly, pages).getLong(0)).isEqualTo(42);
        memory.unmap(readOnly, pages);
        memory.unmap(address, pages);
    }

    @Test
    void aHugepageThatIsGoneCannotBeRead() {
        int page = 2 << 20;
        int flags = SharedMemoryCalls.MAP_SHARED | SharedMemoryCalls.MAP_NORESERVE;
        int file = descriptors.keep(memory.hugepageMemfd("vnfkit-test", PageSize.MIB_2));
        Syscalls.host().ftruncate(file, 2L * page);
        long address = memory.map(0, 2L * page, READ_WRITE, flags, file, 0);
        assertThat(memory.canRead(address, page)).isTrue();

        Syscalls.host().ftruncate(file, page);

        assertThat(memory.canRead(address, page)).isTrue();
        assertThat(memory.canRead(address + page, page)).isFalse();
        // Of one page a part is asked for, and of the next, which is gone, another part.
        assertThat(memory.canRead(address + page - 4096, 8192)).isFalse();
        memory.unmap(address, 2L * page);
    }
}
