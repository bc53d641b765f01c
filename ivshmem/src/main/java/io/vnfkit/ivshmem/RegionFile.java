package io.vnfkit.ivshmem;

import io.vnfkit.ivshmem.RegionDescription.FileOwner;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.manifest.Manifest;
import io.vnfkit.ivshmem.manifest.RegionHeader;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.memory.MappedMemory;
import io.vnfkit.linux.KernelException;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.SharedMemoryCalls.OpenFile;
import io.vnfkit.linux.SharedMemoryCalls.Seal;
import io.vnfkit.unit.NodeSet;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** Makes and opens the files of regions. Stateless. */
final class RegionFile {

    private static final int HEADER_BYTES = 4096;
    private static final long FIRST_EPOCH = 2;

    private final Kernel kernel;

    RegionFile(Kernel kernel) {
        this.kernel = kernel;
    }

    Region create(Path path, RegionDescription description) {
        int flags = LinuxConstants.O_RDWR | LinuxConstants.O_CREAT | LinuxConstants.O_EXCL;
        int descriptor = kernel.syscalls().open(path, flags, description.mode());
        try {
            FileOwner owner = description.owner();
            if (!owner.equals(FileOwner.OF_CREATOR)) {
                kernel.syscalls().chown(path, owner.uid(), owner.gid());
            }
            return fill(descriptor, description);
        } catch (RuntimeException failure) {
            kernel.syscalls().close(descriptor);
            kernel.syscalls().unlink(path);
            throw failure;
        }
    }

    Region createSealed(RegionDescription description, Access others) {
        int descriptor = description.pageSize()
                .map(size -> kernel.memory().hugepageMemfd(description.name(), size))
                .orElseGet(() -> kernel.memory().memfd(description.name()));
        try {
            Region region = fill(descriptor, description);
            Set<Seal> seals = EnumSet.of(Seal.SHRINK, Seal.GROW, Seal.SEAL);
            if (others == Access.READ_ONLY) {
                // The mapping that exists stays writable: one writer, and readers that the kernel keeps from writing.
                seals.add(Seal.FUTURE_WRITE);
            }
            kernel.memory().addSeals(descriptor, seals);
            return region;
        } catch (RuntimeException failure) {
            kernel.syscalls().close(descriptor);
            throw failure;
        }
    }

    private Region fill(int descriptor, RegionDescription description) {
        RegionHeader header = description.header(kernel.memory().status(descriptor).blockSize());
        kernel.syscalls().ftruncate(descriptor, header.size());
        // Reserves all pages, or fails with ENOMEM; the next line takes them, from the right nodes, or fails with EFAULT.
        MappedMemory memory = MappedMemory.map(kernel.memory(), descriptor, header.size(), Access.READ_WRITE);
        try {
            memory.populate(description.nodes());
            requireNodes(memory, header, description.nodes());
            Manifest manifest = Manifest.create(memory.window(0, (int) header.firstObject()), header, FIRST_EPOCH);
            return new Region(kernel, descriptor, memory, manifest);
        } catch (RuntimeException failure) {
            memory.close();
            throw failure;
        }
    }

    private void requireNodes(MappedMemory memory, RegionHeader header, NodeSet nodes) {
        for (long at = 0; !nodes.isEmpty() && at < memory.length(); at += header.pageSize()) {
            int node = kernel.memory().nodeOf(memory.address() + at);
            if (!nodes.contains(node)) {
                throw new RegionException("region \"" + header.name() + "\" got a page of node " + node
                        + " instead of " + nodes + ": are there enough free hugepages on these nodes?");
            }
        }
    }

    Region attach(Path path, Access access) {
        int flags = access == Access.READ_WRITE ? LinuxConstants.O_RDWR : LinuxConstants.O_RDONLY;
        int descriptor = kernel.syscalls().open(path, flags, 0);
        try {
            return map(descriptor, path.toString(), access);
        } catch (RuntimeException failure) {
            kernel.syscalls().close(descriptor);
            throw failure;
        }
    }

    /** Opens the file of a descriptor anew, because locks belong to the open file description that came with it. */
    Region attach(int received, Access access) {
        return attach(Path.of("/proc/self/fd/" + received), access);
    }

    private Region map(int descriptor, String shown, Access access) {
        OpenFile file = kernel.memory().status(descriptor);
        if (!file.isRegular() || file.size() == 0 || file.size() % file.blockSize() != 0) {
            throw new DamagedRegionException(shown + " is no region: " + (file.isRegular()
                    ? file.size() + " bytes long, no multiple of its pages of " + file.blockSize()
                    : "not a regular file"));
        }
        MappedMemory memory = MappedMemory.map(kernel.memory(), descriptor, file.size(), access);
        try {
            RegionHeader header = header(memory);
            requireFit(header, file, shown);
            ByteBuffer manifest = memory.window(0, (int) header.firstObject());
            return new Region(kernel, descriptor, memory, Manifest.open(manifest, header));
        } catch (RuntimeException failure) {
            memory.close();
            throw failure;
        }
    }

    private static RegionHeader header(MappedMemory memory) {
        int length = (int) Math.min(memory.length(), HEADER_BYTES);
        ByteBuffer start = memory.window(0, length);
        return memory.guarded(0, length, () -> Manifest.header(start));
    }

    private static void requireFit(RegionHeader header, OpenFile file, String shown) {
        if (header.size() != file.size()) {
            throw new DamagedRegionException(shown + " is " + file.size() + " bytes long, but its header says "
                    + header.size());
        }
        if (header.pageSize() != file.blockSize()) {
            throw new DamagedRegionException(shown + " lies on pages of " + file.blockSize() + " bytes, but its header says "
                    + header.pageSize());
        }
    }

    /** Marks a region as given up and takes its name away. Who has it mapped keeps its pages until it detaches. */
    void destroy(Path path) {
        try (Region region = attach(path, Access.READ_WRITE)) {
            region.retire();
        } catch (DamagedRegionException | KernelException damaged) {
            // It is to go in any case; a peer cannot be told through a manifest that is not there.
        }
        kernel.syscalls().unlink(path);
    }
}
