package io.vnfkit.ivshmem.manifest;

import io.vnfkit.ivshmem.manifest.RegionObject.Geometry;
import io.vnfkit.ivshmem.memory.SharedWords;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The manifest of a mapped region. Reading is safe while others write; {@link #place} and {@link #publish} are for
 * one at a time among all processes, which the caller's lock makes sure of.
 *
 * <p>What it says may be wrong if a peer is hostile; then its methods throw {@link DamagedRegionException}. Thread-safe
 * for reading.
 */
public final class Manifest {

    private final ByteBuffer memory;
    private final RegionHeader header;

    private Manifest(ByteBuffer memory, RegionHeader header) {
        this.memory = memory;
        this.header = header;
    }

    /**
     * Writes the manifest of a new region. It is complete when others see its magic number.
     *
     * @param memory the start of the region, of zeros
     * @param header what never changes
     * @param epoch an even number, higher than those of earlier regions of this name
     * @return the manifest
     */
    public static Manifest create(ByteBuffer memory, RegionHeader header, long epoch) {
        if ((epoch & 1) != 0) {
            throw new IllegalArgumentException("a region begins with an even epoch, not " + epoch);
        }
        ManifestLayout.write(memory, header, epoch);
        return new Manifest(memory, header);
    }

    /**
     * Reads the header from the first bytes of a region.
     *
     * @param memory at least the first 4,096 bytes
     * @return what it says
     * @throws DamagedRegionException if it is no region, is not ready, or is damaged
     */
    public static RegionHeader header(ByteBuffer memory) {
        return ManifestLayout.readHeader(memory);
    }

    /**
     * The manifest of a region that is there.
     *
     * @param memory the start of the region, the directory included
     * @param header what {@link #header} said of it
     * @return the manifest
     */
    public static Manifest open(ByteBuffer memory, RegionHeader header) {
        if (memory.capacity() < header.firstObject()) {
            throw new IllegalArgumentException("the directory of region \"" + header.name() + "\" takes "
                    + header.firstObject() + " bytes, only " + memory.capacity() + " are mapped");
        }
        return new Manifest(memory, header);
    }

    /**
     * What never changes.
     *
     * @return a copy that no peer can change
     */
    public RegionHeader header() {
        return header;
    }

    /**
     * The epoch.
     *
     * @return even while the region is in use, odd once it was given up
     */
    public long epoch() {
        return SharedWords.longAcquire(memory, ManifestLayout.EPOCH_AT);
    }

    /** Marks the region as given up: peers see an odd epoch. */
    public void retire() {
        SharedWords.longRelease(memory, ManifestLayout.EPOCH_AT, epoch() | 1);
    }

    /**
     * All objects, in the order in which they were made.
     *
     * @return a copy
     */
    public List<RegionObject> objects() {
        int count = count();
        List<RegionObject> objects = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            objects.add(ManifestLayout.readEntry(memory, i, header));
        }
        return List.copyOf(objects);
    }

    private int count() {
        int count = SharedWords.intAcquire(memory, ManifestLayout.COUNT_AT);
        if (count < 0 || count > header.directoryCapacity()) {
            throw new DamagedRegionException("region \"" + header.name() + "\" is said to have " + count
                    + " objects, but its directory has room for " + header.directoryCapacity());
        }
        return count;
    }

    /**
     * Looks for an object.
     *
     * @param name its name
     * @return what the directory says of it
     */
    public Optional<RegionObject> find(String name) {
        return objects().stream().filter(object -> object.name().equals(name)).findFirst();
    }

    /**
     * Number of an object in the directory, which stays the same.
     *
     * @param name its name
     * @return the index; empty if there is none of this name
     */
    public Optional<Integer> indexOf(String name) {
        List<RegionObject> objects = objects();
        for (int i = 0; i < objects.size(); i++) {
            if (objects.get(i).name().equals(name)) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    /**
     * Bytes that no object has yet.
     *
     * @return how many are left behind the last object
     */
    public long free() {
        return header.size() - next();
    }

    private long next() {
        long next = SharedWords.longAcquire(memory, ManifestLayout.NEXT_AT);
        // The directory decides, so that a wrong number of a peer does not put two objects in one place.
        long least = objects().stream().mapToLong(RegionObject::end).max().orElse(header.firstObject());
        if (next < least || next > header.size()) {
            throw new DamagedRegionException("the next object of region \"" + header.name() + "\" is said to begin at "
                    + next + ", but those that are there end at " + least + " and the region at " + header.size());
        }
        return next;
    }

    /**
     * Takes memory for a new object. Nobody sees it before {@link #publish}, so that its memory can be prepared. If it is
     * never published, because this process dies or its preparation fails, the memory is lost: part of it may have been
     * written, and the next object begins in zeros.
     *
     * @param name its name
     * @param type its type
     * @param length its length
     * @param alignment a power of two that its offset is a multiple of
     * @param geometry its inside
     * @param owner who makes it
     * @return the object
     * @throws RegionFullException if memory or directory are full
     * @throws IllegalArgumentException if an object of this name is there
     */
    public RegionObject place(
            String name, ObjectType type, long length, int alignment, Geometry geometry, String owner) {
        if (length <= 0 || Integer.bitCount(alignment) != 1) {
            throw new IllegalArgumentException(
                    "an object has a positive length and a power of two as alignment, not " + length + " and " + alignment);
        }
        Objects.requireNonNull(type, "type");
        if (find(name).isPresent()) {
            throw new IllegalArgumentException("region \"" + header.name() + "\" has an object \"" + name + "\" already");
        }
        if (count() == header.directoryCapacity()) {
            throw new RegionFullException("the directory of region \"" + header.name() + "\" is full with " + count()
                    + " objects: make the region with a larger directory");
        }
        long offset = next() + alignment - 1 & -alignment;
        if (offset > header.size() - length) {
            throw new RegionFullException("region \"" + header.name() + "\" of " + header.size() + " bytes has "
                    + Math.max(0, header.size() - offset) + " left, object \"" + name + "\" needs " + length);
        }
        RegionObject object = new RegionObject(name, type, offset, length, geometry, owner);
        SharedWords.longRelease(memory, ManifestLayout.NEXT_AT, object.end());
        // What is stored there is stored later, whatever the compiler does.
        VarHandle.releaseFence();
        return object;
    }

    /**
     * Adds an object to the directory, where others find it.
     *
     * @param object what {@link #place} gave
     * @return its number in the directory
     */
    public int publish(RegionObject object) {
        int index = count();
        ManifestLayout.writeEntry(memory, index, object);
        SharedWords.intRelease(memory, ManifestLayout.COUNT_AT, index + 1);
        return index;
    }
}
