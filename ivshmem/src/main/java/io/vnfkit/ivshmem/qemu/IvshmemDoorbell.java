package io.vnfkit.ivshmem.qemu;

import io.vnfkit.ivshmem.socket.UnixAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Shared memory with interrupts, from an {@link IvshmemServer}: {@code -chardev socket} and
 * {@code -device ivshmem-doorbell}. In the guest it is the PCI device 1af4:1110 with the registers in BAR 0, MSI-X in
 * BAR 1 and the memory in BAR 2. The server has to listen before QEMU starts, and to serve.
 *
 * @param id names the device; the socket is called the same with "-server" at the end
 * @param socket the server's socket
 * @param vectors how many interrupt vectors the device has, as many as the server gives
 * @param properties further properties of the device, such as {@code bus}, {@code addr} and {@code master}
 */
public record IvshmemDoorbell(String id, Path socket, int vectors, Map<String, String> properties)
        implements QemuArguments {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if QEMU would refuse them
     */
    public IvshmemDoorbell {
        Words.requireId(id);
        Protocol.requireVectors(vectors);
        UnixAddress.requireAddress(socket);
        properties.keySet().forEach(Words::requireName);
        properties = Map.copyOf(properties);
    }

    /**
     * A device on the root bus.
     *
     * @param id names the device
     * @param socket the server's socket
     * @param vectors how many interrupt vectors the device has
     * @throws IllegalArgumentException if QEMU would refuse them
     */
    public IvshmemDoorbell(String id, Path socket, int vectors) {
        this(id, socket, vectors, Map.of());
    }

    /**
     * Adds a property of the device.
     *
     * @param name such as {@code addr}
     * @param value its value
     * @return the new arguments
     * @throws IllegalArgumentException if no property can have this name
     */
    public IvshmemDoorbell with(String name, String value) {
        Map<String, String> more = new TreeMap<>(properties);
        more.put(name, value);
        return new IvshmemDoorbell(id, socket, vectors, more);
    }

    @Override
    public List<String> words() {
        String server = id + "-server";
        String chardev = "socket" + Words.property("id", server) + Words.property("path", socket);
        StringBuilder device = new StringBuilder("ivshmem-doorbell").append(Words.property("id", id))
                .append(Words.property("chardev", server)).append(Words.property("vectors", vectors));
        new TreeMap<>(properties).forEach((name, value) -> device.append(Words.property(name, value)));
        return List.of("-chardev", chardev, "-device", device.toString());
    }
}
