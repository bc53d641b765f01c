package io.vnfkit.ivshmem.qemu;

import io.vnfkit.unit.Bytes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Shared memory without interrupts: {@code -object memory-backend-file} and {@code -device ivshmem-plain}. In the guest
 * it is BAR 2 of the PCI device 1af4:1110.
 *
 * <p>QEMU maps the file shared and leaves its content alone when it ends ({@code share=on}, which it does not insist on
 * for this device and does not do by default, and {@code discard-data=off}). The file has to be there and to be as long
 * as the size says: a shorter one QEMU refuses, and of a longer one the guest sees the beginning.
 *
 * @param id names the device; the backend is called the same with "-memory" at the end
 * @param file the memory, on hugetlbfs, in /dev/shm, or {@code /proc/PID/fd/N} for one without a name
 * @param size a power of two of at least 4 KiB: QEMU aborts for other sizes of a BAR
 * @param readOnly whether the guest cannot write; its writes are dropped then
 * @param policy nodes of the host; empty for QEMU's own
 * @param properties further properties of the device, such as {@code bus} and {@code addr}
 */
public record IvshmemPlain(String id, Path file, Bytes size, boolean readOnly, Optional<NodePolicy> policy,
        Map<String, String> properties) implements QemuArguments {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if QEMU would refuse or abort
     */
    public IvshmemPlain {
        Words.requireId(id);
        MemoryFile.requireBarSize(size.value());
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(policy, "policy");
        properties.keySet().forEach(Words::requireName);
        properties = Map.copyOf(properties);
    }

    /**
     * Memory that the guest reads and writes.
     *
     * @param id names the device
     * @param file the memory
     * @param size a power of two of at least 4 KiB
     * @throws IllegalArgumentException if QEMU would refuse or abort
     */
    public IvshmemPlain(String id, Path file, Bytes size) {
        this(id, file, size, false, Optional.empty(), Map.of());
    }

    /**
     * Keeps the guest from writing.
     *
     * @return the new arguments
     */
    public IvshmemPlain asReadOnly() {
        return new IvshmemPlain(id, file, size, true, policy, properties);
    }

    /**
     * Chooses the nodes of pages that are not there yet.
     *
     * @param chosen the policy
     * @return the new arguments
     */
    public IvshmemPlain on(NodePolicy chosen) {
        return new IvshmemPlain(id, file, size, readOnly, Optional.of(chosen), properties);
    }

    /**
     * Adds a property of the device.
     *
     * @param name such as {@code addr}
     * @param value its value
     * @return the new arguments
     * @throws IllegalArgumentException if no property can have this name
     */
    public IvshmemPlain with(String name, String value) {
        Map<String, String> more = new TreeMap<>(properties);
        more.put(name, value);
        return new IvshmemPlain(id, file, size, readOnly, policy, more);
    }

    @Override
    public List<String> words() {
        String backend = id + "-memory";
        StringBuilder object = new StringBuilder("memory-backend-file").append(Words.property("id", backend))
                .append(Words.property("mem-path", file)).append(Words.property("size", size.value()))
                .append(",share=on,discard-data=off");
        if (readOnly) {
            object.append(",readonly=on");
        }
        policy.ifPresent(chosen -> {
            chosen.nodes().stream().forEach(node -> object.append(Words.property("host-nodes", node)));
            object.append(Words.property("policy", chosen.kind().word()));
        });
        StringBuilder device = new StringBuilder("ivshmem-plain").append(Words.property("id", id))
                .append(Words.property("memdev", backend));
        new TreeMap<>(properties).forEach((name, value) -> device.append(Words.property(name, value)));
        return List.of("-object", object.toString(), "-device", device.toString());
    }
}
