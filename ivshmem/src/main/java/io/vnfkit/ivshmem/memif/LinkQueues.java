package io.vnfkit.ivshmem.memif;

import java.util.ArrayList;
import java.util.List;

/** The queues of a link in the making, and everything that is closed with it. */
final class LinkQueues implements AutoCloseable {

    private final List<ReceiveQueue> receive = new ArrayList<>();
    private final List<TransmitQueue> transmit = new ArrayList<>();
    private final List<EventDescriptor> events = new ArrayList<>();
    private final List<RegionMemory> regions = new ArrayList<>();
    private final List<WatchedFile> files = new ArrayList<>();

    RegionMemory keep(RegionMemory region) {
        regions.add(region);
        return region;
    }

    EventDescriptor keep(EventDescriptor event) {
        events.add(event);
        return event;
    }

    RegionMemory[] regions() {
        return regions.toArray(RegionMemory[]::new);
    }

    RegionMemory region(int index) {
        return regions.get(index);
    }

    /** In the order in which they were kept. */
    EventDescriptor event(int index) {
        return events.get(index);
    }

    void keep(WatchedFile file) {
        files.add(file);
    }

    /**
     * Looks whether the files that can become shorter did.
     *
     * @throws DamagedLinkException if one did
     */
    void requireMemory() {
        files.forEach(WatchedFile::requireLength);
    }

    void add(ReceiveQueue queue) {
        receive.add(queue);
    }

    void add(TransmitQueue queue) {
        transmit.add(queue);
    }

    List<ReceiveQueue> receiveQueues() {
        return List.copyOf(receive);
    }

    List<TransmitQueue> transmitQueues() {
        return List.copyOf(transmit);
    }

    @Override
    public void close() {
        events.forEach(EventDescriptor::close);
        regions.forEach(RegionMemory::close);
        files.forEach(WatchedFile::close);
        events.clear();
        files.clear();
        regions.clear();
    }
}
