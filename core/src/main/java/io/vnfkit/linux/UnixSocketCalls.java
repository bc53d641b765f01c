package io.vnfkit.linux;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * The system calls about UNIX domain sockets that carry file descriptors, and about the eventfds that are sent over
 * them. The JDK's own channels for such sockets know neither descriptors nor SOCK_SEQPACKET.
 *
 * <p>A part of the seam to the kernel, beside {@link Syscalls}. Every descriptor is close-on-exec. Every method throws
 * {@link SystemCallException} when the kernel refuses. Thread-safe.
 */
public interface UnixSocketCalls {

    /**
     * The kernel of this machine.
     *
     * @return the shared instance
     * @throws UnsupportedPlatformException if the native binding cannot be loaded
     */
    static UnixSocketCalls host() {
        return HostUnixSockets.instance();
    }

    /** Kinds of sockets. */
    enum Kind {
        /** Bytes without borders (SOCK_STREAM). */
        STREAM(1),
        /** Messages (SOCK_SEQPACKET). */
        SEQPACKET(5);

        final int number;

        Kind(int number) {
            this.number = number;
        }
    }

    /**
     * A non-blocking socket: socket(2), AF_UNIX.
     *
     * @param kind its kind
     * @return the descriptor
     */
    int socket(Kind kind);

    /**
     * Two connected non-blocking sockets: socketpair(2).
     *
     * @param kind their kind
     * @return both descriptors
     */
    Pair pair(Kind kind);

    /**
     * Two sockets.
     *
     * @param left one
     * @param right the other
     */
    record Pair(int left, int right) {}

    /**
     * bind(2) to a path or, if the name begins with '@', to an abstract name of the network namespace.
     *
     * @param descriptor the socket
     * @param name at most 107 bytes
     * @param mode permissions of the file, set before it appears; without a meaning for an abstract name
     */
    void bind(int descriptor, String name, int mode);

    /**
     * listen(2).
     *
     * @param descriptor the socket
     * @param backlog how many may wait to be accepted
     */
    void listen(int descriptor, int backlog);

    /**
     * accept4(2). The new socket is non-blocking.
     *
     * @param descriptor the listening socket
     * @return the new socket; empty if nobody waits, or who waited has gone
     */
    OptionalInt accept(int descriptor);

    /**
     * connect(2).
     *
     * @param descriptor the socket
     * @param name the path, or an abstract name that begins with '@'
     */
    void connect(int descriptor, String name);

    /**
     * Who connected: SO_PEERCRED. These are the credentials at the time of connect(2) or listen(2), as this process's
     * user and pid namespaces show them.
     *
     * @param descriptor a connected socket
     * @return process, user and group
     */
    Credentials peerCredentials(int descriptor);

    /**
     * The other side of a socket.
     *
     * @param pid its process; 0 if that is in no pid namespace below ours
     * @param uid its user
     * @param gid its group
     */
    record Credentials(int pid, int uid, int gid) {}

    /**
     * sendmsg(2) with MSG_NOSIGNAL, with descriptors as SCM_RIGHTS. The receiver gets duplicates.
     *
     * @param descriptor the socket
     * @param bytes the message; its position advances by what was taken
     * @param descriptors at most 253; they go with the first byte
     * @return false if the socket's buffer is full and nothing was taken
     */
    boolean send(int descriptor, ByteBuffer bytes, int... descriptors);

    /**
     * recvmsg(2) with MSG_CMSG_CLOEXEC.
     *
     * @param descriptor the socket
     * @param target where bytes go; its position advances
     * @param maxDescriptors how many descriptors are taken; if more were sent, all that arrived are closed and
     *     {@link Received#isCut()} says so
     * @return what came
     */
    Received receive(int descriptor, ByteBuffer target, int maxDescriptors);

    /**
     * What recvmsg(2) gave.
     *
     * @param bytes number of bytes; 0 at the end; -1 if nothing is there
     * @param descriptors descriptors that came along, which the caller closes
     * @param isCut whether bytes of a message or descriptors had no room
     */
    record Received(int bytes, List<Integer> descriptors, boolean isCut) {

        /** Copies the parts. */
        public Received {
            descriptors = List.copyOf(descriptors);
        }

        /**
         * Tells whether there was nothing to take yet.
         *
         * @return true if so
         */
        public boolean isEmpty() {
            return bytes < 0;
        }

        /**
         * Tells whether the other side has closed.
         *
         * @return true if so; for a SOCK_SEQPACKET also after an empty message
         */
        public boolean isEnd() {
            return bytes == 0;
        }
    }

    /**
     * eventfd(2) with EFD_NONBLOCK, initially 0.
     *
     * @return the descriptor
     */
    int eventfd();

    /**
     * fcntl(2) with F_SETFL and O_NONBLOCK: for a descriptor that another process sent, and may have left blocking. The
     * flag belongs to the open file description, so that process sees it too, and can take it away again.
     *
     * @param descriptor the descriptor
     */
    void setNonBlocking(int descriptor);

    /**
     * Wakes who waits for an eventfd: adds 1. Does nothing if its counter is full, since then it is readable anyhow.
     *
     * @param descriptor the eventfd
     */
    void signal(int descriptor);

    /**
     * Takes all signals of an eventfd.
     *
     * @param descriptor the eventfd, non-blocking
     * @return how many; 0 if there was none
     */
    long drain(int descriptor);

    /**
     * poll(2), again after EINTR.
     *
     * @param timeout how long at most; negative waits for ever
     * @param wanted what to wait for
     * @return one entry for each that is ready, in their order; empty after the timeout
     */
    List<Ready> poll(Duration timeout, List<Interest> wanted);

    /**
     * What to wait for. End and error are always waited for.
     *
     * @param descriptor a descriptor
     * @param write whether for room to write too
     */
    record Interest(int descriptor, boolean write) {}

    /**
     * What is ready.
     *
     * @param descriptor the descriptor
     * @param readable whether something can be read, the end included
     * @param writable whether something can be written
     */
    record Ready(int descriptor, boolean readable, boolean writable) {}
}
