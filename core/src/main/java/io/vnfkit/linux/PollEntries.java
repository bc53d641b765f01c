package io.vnfkit.linux;

import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.StringJoiner;

/**
 * The {@code struct pollfd} array of one call of poll(2), and the wait on it: begun anew after a signal, and for longer
 * than the milliseconds that the call takes where the time asks for it.
 */
final class PollEntries {

    static final short POLLIN = 0x01;
    static final short POLLOUT = 0x04;

    private static final short POLLNVAL = 0x20;
    private static final int ENTRY_SIZE = 8;
    private static final int EVENTS_AT = 4;
    private static final int REVENTS_AT = 6;

    private final ByteBuffer entries;
    private final int count;

    private PollEntries(ByteBuffer entries, int count) {
        this.entries = entries;
        this.count = count;
    }

    static PollEntries take(CallMemory memory, int count) {
        return new PollEntries(memory.take(ENTRY_SIZE * Math.max(1, count)), count);
    }

    void set(int index, int descriptor, int events) {
        entries.putInt(ENTRY_SIZE * index, descriptor);
        entries.putShort(ENTRY_SIZE * index + EVENTS_AT, (short) events);
    }

    /**
     * Waits.
     *
     * @param timeout negative to wait for ever
     * @return whether an entry has events; false when the time is over
     */
    boolean await(Duration timeout) {
        boolean forEver = timeout.isNegative();
        long start = System.nanoTime();
        while (true) {
            int milliseconds = forEver ? -1 : wholeMilliseconds(timeout.minusNanos(System.nanoTime() - start));
            int ready = once(milliseconds);
            if (ready > 0) {
                return true;
            }
            if (ready == 0 && milliseconds < Integer.MAX_VALUE) {
                return false;
            }
        }
    }

    /** Number of ready entries; -1 after EINTR. */
    private int once(int milliseconds) {
        int ready = CLibrary.poll(CallMemory.addressOf(entries), count, milliseconds);
        if (ready >= 0) {
            return ready;
        }
        int number = Native.getLastError();
        if (number == Errno.EINTR.number()) {
            return -1;
        }
        throw HostSyscalls.failed("poll", this + ", " + milliseconds, number);
    }

    /** Rounded up, so that a wait never ends before its time; at most what poll(2) takes. */
    private static int wholeMilliseconds(Duration rest) {
        if (rest.isNegative()) {
            return 0;
        }
        return rest.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) >= 0
                ? Integer.MAX_VALUE
                : (int) rest.plusNanos(999_999).toMillis();
    }

    /**
     * What an entry is ready for.
     *
     * @throws SystemCallException with EBADF if it is no open descriptor, which poll(2) reports as an event of it
     *     rather than as its own failure: the caller closed it while another one waited
     */
    int eventsOf(int index) {
        short events = entries.getShort(ENTRY_SIZE * index + REVENTS_AT);
        if ((events & POLLNVAL) != 0) {
            throw HostSyscalls.failed("poll", "descriptor " + descriptor(index), Errno.EBADF.number());
        }
        return events;
    }

    private int descriptor(int index) {
        return entries.getInt(ENTRY_SIZE * index);
    }

    @Override
    public String toString() {
        StringJoiner descriptors = new StringJoiner(", ", "[", "]");
        for (int i = 0; i < count; i++) {
            descriptors.add(Integer.toString(descriptor(i)));
        }
        return descriptors.toString();
    }
}
