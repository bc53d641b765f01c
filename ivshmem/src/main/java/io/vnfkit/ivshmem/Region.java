package io.vnfkit.ivshmem;

import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.manifest.Manifest;
import io.vnfkit.ivshmem.manifest.ObjectType;
import io.vnfkit.ivshmem.manifest.RegionHeader;
import io.vnfkit.ivshmem.manifest.RegionObject;
import io.vnfkit.ivshmem.manifest.RegionObject.Geometry;
import io.vnfkit.ivshmem.memory.Access;
import io.vnfkit.ivshmem.memory.MappedMemory;
import io.vnfkit.linux.SharedMemoryCalls.OpenFile;
import io.vnfkit.linux.SharedMemoryCalls.Seal;
import io.vnfkit.unit.Bytes;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A region that this process has mapped.
 *
 * <pre>{@code
 * try (Region region = Region.create(Path.of("/dev/hugepages/packets"), RegionDescription.of("packets", Bytes.mebibytes(64)))) {
 *     RingProducer requests = SharedRing.create(region, "requests", 1023, "manager").producer();
 *     ...
 * }
 * try (Region region = Region.attach(Path.of("/run/regions/packets"), Access.READ_WRITE)) { ... }
 * }</pre>
 *
 * <p>Making one needs write permission in a directory of a hugetlbfs, and free hugepages; attaching needs the
 * permissions of the file. Closing detaches: what a thread still reads through objects of this region afterwards is
 * zeros. Thread-safe; the objects in it say for themselves what they are.
 */
public final class Region implements AutoCloseable {

    private final Kernel kernel;
    private final int descriptor;
    private final MappedMemory memory;
    private final Manifest manifest;
    private final RegionLocks locks;
    private final long epoch;
    private final Set<RegionRole> roles = new HashSet<>();
    private boolean closed;

    Region(Kernel kernel, int descriptor, MappedMemory memory, Manifest manifest) {
        this.kernel = kernel;
        this.descriptor = descriptor;
        this.memory = memory;
        this.manifest = manifest;
        this.locks = new RegionLocks(kernel, descriptor, manifest.header().name());
        this.epoch = manifest.epoch();
        locks.attached();
    }

    /**
     * Makes a region in a file. All its pages are taken now, so that a full pool is an error here and no SIGBUS later.
     *
     * @param file a new file on a hugetlbfs
     * @param description what it is to be
     * @return the region, attached for reading and writing
     * @throws io.vnfkit.linux.SystemCallException if the kernel refuses: EEXIST if the file is there, ENOMEM or EFAULT if
     *     there are not enough hugepages
     * @throws RegionException if the pages of the file system have another size, or came from another node
     */
    public static Region create(Path file, RegionDescription description) {
        return new RegionFile(Kernel.host()).create(file, description);
    }

    /**
     * Makes a region without a name in the file system: a memfd that nobody can make shorter or longer. Others attach it
     * through {@link #descriptor}, which is sent to them over a socket.
     *
     * @param description what it is to be
     * @param others READ_ONLY if the kernel is to keep everybody but this process from writing
     * @return the region, attached for reading and writing
     * @throws io.vnfkit.linux.SystemCallException if there are not enough hugepages
     */
    public static Region createSealed(RegionDescription description, Access others) {
        return new RegionFile(Kernel.host()).createSealed(description, others);
    }

    /**
     * Attaches a region that another process has made.
     *
     * @param file its file
     * @param access what is to be done with it
     * @return the region
     * @throws DamagedRegionException if it is no region, is not ready yet, or is damaged
     * @throws io.vnfkit.linux.SystemCallException if the file cannot be opened or mapped
     */
    public static Region attach(Path file, Access access) {
        return new RegionFile(Kernel.host()).attach(file, access);
    }

    /**
     * Attaches a region that came as a descriptor. Needs /proc.
     *
     * @param descriptor the descriptor, which stays open and belongs to the caller
     * @param access what is to be done with it
     * @return the region
     * @throws DamagedRegionException if it is no region, is not ready yet, or is damaged
     * @throws io.vnfkit.linux.SystemCallException EPERM if it is sealed against writing
     */
    public static Region attach(int descriptor, Access access) {
        return new RegionFile(Kernel.host()).attach(descriptor, access);
    }

    /**
     * Takes a region's name away and tells those who have it attached that it is given up. They keep its memory until
     * they detach.
     *
     * @param file its file
     * @throws io.vnfkit.linux.SystemCallException if it cannot be removed
     */
    public static void destroy(Path file) {
        new RegionFile(Kernel.host()).destroy(file);
    }

    /**
     * What never changes about it.
     *
     * @return its header
     */
    public RegionHeader header() {
        return manifest.header();
    }

    /**
     * What may be done with it here.
     *
     * @return reading alone, or writing too
     */
    public Access access() {
        return memory.access();
    }

    /**
     * The descriptor of its file, to be sent to others. It is closed with this region.
     *
     * @return the descriptor
     */
    public int descriptor() {
        return descriptor;
    }

    /**
     * How other processes of this user reach it while it is attached here, also one that has no name in the file system:
     * a link below /proc to the file that this process has open. Needs /proc, and for another user CAP_SYS_PTRACE.
     *
     * @return the path, for {@link #attach(Path, Access)}; of no use in another PID namespace
     * @throws IllegalStateException if this region is detached
     */
    public Path file() {
        // A descriptor that is closed may be another file by now.
        synchronized (roles) {
            requireAttached();
            return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor);
        }
    }

    /**
     * The seals of its file.
     *
     * @return the seals; empty for a file on hugetlbfs
     */
    public Set<Seal> seals() {
        return kernel.memory().seals(descriptor);
    }

    /**
     * Where it is mapped in this process, for native code.
     *
     * @return the address of its first byte
     */
    public long address() {
        return memory.address();
    }

    /**
     * How it is now.
     *
     * @return USABLE, or why it is not
     */
    public RegionState state() {
        synchronized (roles) {
            if (closed) {
                return RegionState.DETACHED;
            }
            OpenFile file = kernel.memory().status(descriptor);
            if (file.size() < header().size()) {
                return RegionState.TRUNCATED;
            }
            return manifest.epoch() == epoch ? RegionState.USABLE : RegionState.RETIRED;
        }
    }

    /**
     * Tells whether another open region is attached to the same file, in whatever process.
     *
     * @return true if so
     */
    public boolean isAttachedElsewhere() {
        return locks.isAttachedElsewhere();
    }

    /**
     * All objects, in the order in which they were made.
     *
     * @return a copy
     * @throws DamagedRegionException if the directory is damaged
     */
    public List<RegionObject> objects() {
        return manifest.objects();
    }

    /**
     * Looks for an object.
     *
     * @param name its name
     * @return the object
     * @throws DamagedRegionException if the directory is damaged
     */
    public Optional<RegionObject> find(String name) {
        return manifest.find(name);
    }

    /**
     * Finds an object of a type.
     *
     * @param name its name
     * @param type what it has to be
     * @return the object
     * @throws RegionException if there is none of this name, or it is something else
     */
    public RegionObject require(String name, ObjectType type) {
        RegionObject object = manifest.find(name).orElseThrow(() -> new RegionException("region \"" + header().name()
                + "\" has no object \"" + name + "\", only " + objects().stream().map(RegionObject::name).toList()));
        if (object.type() != type) {
            throw new RegionException("\"" + name + "\" in region \"" + header().name() + "\" is a " + object.type()
                    + ", not a " + type);
        }
        return object;
    }

    /**
     * Makes an object. Others see it when its memory is ready. The directory grows while the region is in use.
     *
     * @param name its name
     * @param type its type
     * @param length its length in bytes
     * @param alignment a power of two
     * @param geometry its inside
     * @param owner who makes it
     * @param prepare writes its first content into zeroed windows; see {@link #window}
     * @return the object
     * @throws io.vnfkit.ivshmem.manifest.RegionFullException if memory or directory are full
     * @throws IllegalArgumentException if an object of this name is there
     */
    public RegionObject create(String name, ObjectType type, long length, int alignment, Geometry geometry, String owner,
            Consumer<RegionObject> prepare) {
        requireWritable("an object");
        RegionObject[] made = new RegionObject[1];
        locks.changingDirectory(() -> {
            RegionObject object = manifest.place(name, type, length, alignment, geometry, owner);
            prepare.accept(object);
            manifest.publish(object);
            made[0] = object;
        });
        return made[0];
    }

    /**
     * Makes a zone of memory whose content is the user's.
     *
     * @param name its name
     * @param size its size
     * @param owner who makes it
     * @return the object, at a multiple of 4096
     */
    public RegionObject createZone(String name, Bytes size, String owner) {
        return create(name, ObjectType.ZONE, size.value(), 4096, Geometry.NONE, owner, zone -> {});
    }

    private void requireWritable(String what) {
        if (access() == Access.READ_ONLY) {
            throw new RegionException("region \"" + header().name() + "\" is attached for reading alone, " + what
                    + " cannot be made in it");
        }
    }

    /**
     * A buffer over a whole object of at most 2 GiB.
     *
     * @param object an object of this region
     * @return a direct buffer in native byte order, read-only if the region is
     */
    public ByteBuffer window(RegionObject object) {
        return window(object, 0, Math.toIntExact(object.length()));
    }

    /**
     * A buffer over a part of an object.
     *
     * @param object an object of this region
     * @param offset where the part begins in it
     * @param length its length
     * @return a direct buffer in native byte order, read-only if the region is
     * @throws IndexOutOfBoundsException if the part does not lie in the object
     */
    public ByteBuffer window(RegionObject object, long offset, int length) {
        if (offset < 0 || length < 0 || offset > object.length() - length) {
            throw new IndexOutOfBoundsException("bytes " + offset + " to " + (offset + length) + " do not lie in " + object);
        }
        return memory.window(object.offset() + offset, length);
    }

    /**
     * A buffer over any part of the region.
     *
     * @param offset where the part begins
     * @param length its length
     * @return a direct buffer in native byte order, read-only if the region is
     * @throws IndexOutOfBoundsException if the part does not lie in the region
     */
    public ByteBuffer window(long offset, int length) {
        return memory.window(offset, length);
    }

    /**
     * Takes one side of an object for this process. The kernel gives it up when the process ends, whatever way.
     *
     * @param object the object
     * @param side which side
     * @return what gives it up again
     * @throws RegionException if somebody else is that side, or the region is attached for reading alone
     */
    public Role take(RegionObject object, Side side) {
        int index = indexOf(object);
        synchronized (roles) {
            requireAttached();
            locks.take(index, object.name(), side, access());
            return held(index, side);
        }
    }

    /**
     * Takes one side of an object for this process if nobody has it.
     *
     * @param object the object
     * @param side which side
     * @return what gives it up again; empty if somebody else is that side
     * @throws RegionException if the region is attached for reading alone
     */
    public Optional<Role> tryTake(RegionObject object, Side side) {
        int index = indexOf(object);
        synchronized (roles) {
            requireAttached();
            return locks.tryTake(index, object.name(), side, access()) ? Optional.of(held(index, side)) : Optional.empty();
        }
    }

    private Role held(int index, Side side) {
        RegionRole role = new RegionRole(this, index, side);
        roles.add(role);
        return role;
    }

    /**
     * Takes one side of an object and makes what works on it. The side is given up again if that fails.
     *
     * @param object the object
     * @param side which side
     * @param opener makes what holds the role and closes it
     * @param <T> type of what is made
     * @return what the opener made
     * @throws RegionException if somebody else is that side, or the region is attached for reading alone
     */
    public <T> T take(RegionObject object, Side side, Function<Role, T> opener) {
        Role role = take(object, side);
        try {
            return opener.apply(role);
        } catch (RuntimeException failure) {
            role.close();
            throw failure;
        }
    }

    private void requireAttached() {
        if (closed) {
            throw new IllegalStateException("region \"" + header().name() + "\" is detached");
        }
    }

    /**
     * Tells whether a process, this one included, is one side of an object now.
     *
     * @param object the object
     * @param side which side
     * @return true if so; false also if it died
     */
    public boolean isTaken(RegionObject object, Side side) {
        return isTaken(indexOf(object), side);
    }

    private int indexOf(RegionObject object) {
        return manifest.indexOf(object.name()).orElseThrow(() -> new DamagedRegionException(
                "\"" + object.name() + "\" is no longer in the directory of region \"" + header().name() + "\""));
    }

    void giveUp(RegionRole role) {
        synchronized (roles) {
            if (roles.remove(role)) {
                locks.giveUp(role.object(), role.side());
            }
        }
    }

    boolean isTaken(int object, Side side) {
        // A descriptor that is closed may be another file by now.
        synchronized (roles) {
            requireAttached();
            return locks.isTaken(object, side);
        }
    }

    /**
     * What is in it, as a text for people.
     *
     * @return several lines
     */
    public RegionDump dump() {
        return RegionDump.of(this, manifest);
    }

    /** Tells those who have it attached that it is given up. */
    void retire() {
        manifest.retire();
    }

    /** Detaches, and gives up every side of an object that was taken through it. Idempotent. */
    @Override
    public void close() {
        synchronized (roles) {
            if (closed) {
                return;
            }
            closed = true;
            roles.clear();
            memory.close();
            // All locks go with the open file.
            kernel.syscalls().close(descriptor);
        }
    }
}
