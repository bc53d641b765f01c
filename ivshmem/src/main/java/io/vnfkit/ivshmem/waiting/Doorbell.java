package io.vnfkit.ivshmem.waiting;

import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.manifest.DamagedRegionException;
import io.vnfkit.ivshmem.manifest.ObjectType;
import io.vnfkit.ivshmem.manifest.RegionObject;
import io.vnfkit.ivshmem.manifest.RegionObject.Geometry;
import io.vnfkit.linux.UnixSocketCalls;
import java.nio.ByteBuffer;

/**
 * Wakes a consumer that sleeps: a word in a region that says whether it does, and an eventfd(2) that both sides have. The
 * producer makes a system call only if the consumer sleeps.
 *
 * <pre>{@code
 * DoorbellRinger ringer = Doorbell.create(region, "orders.bell", "manager").ringer(descriptor);
 * producer.offer(...);
 * ringer.ring();                                                   // after each message or batch
 *
 * DoorbellSleeper sleeper = Doorbell.open(region, "orders.bell").sleeper(descriptor);
 * Waiter waiter = new Waiter(region, consumer::isPeerPresent, WaitStrategy.doorbell(sleeper));
 * }</pre>
 *
 * <p>The word lies in a zone of 128 bytes of its own, so every object of a region can have a doorbell, or two: a producer
 * that waits for room has one of its own. How the descriptor comes to the other process is not its business. Immutable and
 * thread-safe.
 */
public final class Doorbell {

    static final int SLEEPS_AT = 0;
    static final int LISTENS_AT = 4;
    private static final int LENGTH = 128;

    private final Region region;
    private final RegionObject object;

    private Doorbell(Region region, RegionObject object) {
        this.region = region;
        this.object = object;
    }

    /**
     * Makes a doorbell.
     *
     * @param region where
     * @param name its name
     * @param owner who makes it
     * @return the doorbell
     * @throws io.vnfkit.ivshmem.manifest.RegionFullException if the region has no room
     */
    public static Doorbell create(Region region, String name, String owner) {
        return new Doorbell(region,
                region.create(name, ObjectType.ZONE, LENGTH, LENGTH, Geometry.NONE, owner, placed -> {}));
    }

    /**
     * Finds a doorbell.
     *
     * @param region where
     * @param name its name
     * @return the doorbell
     * @throws io.vnfkit.ivshmem.RegionException if there is no zone of this name
     * @throws DamagedRegionException if it cannot be a doorbell
     */
    public static Doorbell open(Region region, String name) {
        RegionObject object = region.require(name, ObjectType.ZONE);
        if (object.length() != LENGTH || object.offset() % LENGTH != 0) {
            throw new DamagedRegionException(object + " is no doorbell, which has " + LENGTH + " bytes at a multiple of them");
        }
        return new Doorbell(region, object);
    }

    /**
     * The producer's side.
     *
     * @param descriptor an eventfd, which stays the caller's and open as long as this is used
     * @return what rings
     */
    public DoorbellRinger ringer(int descriptor) {
        return new DoorbellRinger(memory(), descriptor, UnixSocketCalls.host());
    }

    /**
     * The consumer's side.
     *
     * @param descriptor the same eventfd, non-blocking, which stays the caller's and open as long as this is used
     * @return what sleeps
     */
    public DoorbellSleeper sleeper(int descriptor) {
        return new DoorbellSleeper(memory(), descriptor, UnixSocketCalls.host());
    }

    private ByteBuffer memory() {
        return region.window(object, 0, LENGTH);
    }

    /**
     * Where its word lies.
     *
     * @return its entry in the directory
     */
    public RegionObject object() {
        return object;
    }
}
