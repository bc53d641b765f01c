package io.vnfkit.linux;

import com.sun.jna.Native;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** UNIX domain sockets of this machine. Stateless. */
final class HostUnixSockets implements UnixSocketCalls {

    private static final HostUnixSockets INSTANCE = new HostUnixSockets();

    private static final int AF_UNIX = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int SCM_RIGHTS = 1;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int MSG_CTRUNC = 0x8;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int ADDRESS_SIZE = 110;
    private static final int PATH_AT = 2;
    private static final int LIMIT_NAME = 107;
    // LP64: struct msghdr and struct cmsghdr of the kernel.
    private static final int MESSAGE_SIZE = 56;
    private static final int CONTROL_HEADER_SIZE = 16;
    private static final int LIMIT_DESCRIPTORS = 253;

    private HostUnixSockets() {}

    static UnixSocketCalls instance() {
        // Loads the binding, or says why not.
        HostSyscalls.instance();
        return INSTANCE;
    }

    @Override
    public int socket(Kind kind) {
        int descriptor = CLibrary.socket(AF_UNIX, kind.number | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (descriptor < 0) {
            throw HostSyscalls.failed("socket", "AF_UNIX, SOCK_" + kind, Native.getLastError());
        }
        return descriptor;
    }

    @Override
    public Pair pair(Kind kind) {
        try (CallMemory memory = CallMemory.begin()) {
            ByteBuffer ends = memory.take(2 * Integer.BYTES);
            int type = kind.number | SOCK_NONBLOCK | SOCK_CLOEXEC;
            if (CLibrary.socketpair(AF_UNIX, type, 0, CallMemory.addressOf(ends)) != 0) {
                throw HostSyscalls.failed("socketpair", "AF_UNIX, SOCK_" + kind, Native.getLastError());
            }
            return new Pair(ends.getInt(0), ends.getInt(Integer.BYTES));
        }
    }

    @Override
    public void bind(int descriptor, String name, int mode) {
        // Linux gives the file in the file system the mode of the socket's own inode (less the umask), so it is never
        // open to more than wanted, not even for a moment.
        if (CLibrary.fchmod(descriptor, mode) != 0) {
            throw HostSyscalls.failed("fchmod", descriptor + ", 0" + Integer.toOctalString(mode),
                    Native.getLastError());
        }
        try (CallMemory memory = CallMemory.begin()) {
            ByteBuffer address = memory.take(ADDRESS_SIZE);
            int length = putAddress(address, name);
            if (CLibrary.bind(descriptor, CallMemory.addressOf(address), length) != 0) {
                throw HostSyscalls.failed("bind", descriptor + ", " + HostSyscalls.quoted(name),
                        Native.getLastError());
            }
        }
    }

    private static int putAddress(ByteBuffer address, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        boolean isAbstract = name.startsWith("@");
        if (bytes.length == 0 || bytes.length > LIMIT_NAME || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the name of a UNIX socket has 1 to " + LIMIT_NAME
                    + " bytes and no NUL, not " + bytes.length + ": \"" + name.replace("\0", "\\0") + "\"");
        }
        address.putShort(0, (short) AF_UNIX).put(PATH_AT, bytes);
        if (isAbstract) {
            address.put(PATH_AT, (byte) 0);
            return PATH_AT + bytes.length;
        }
        address.put(PATH_AT + bytes.length, (byte) 0);
        return PATH_AT + bytes.length + 1;
    }

    @Override
    public void listen(int descriptor, int backlog) {
        if (CLibrary.listen(descriptor, backlog) != 0) {
            throw HostSyscalls.failed("listen", descriptor + ", " + backlog, Native.getLastError());
        }
    }

    @Override
    public OptionalInt accept(int descriptor) {
        while (true) {
            int accepted = CLibrary.accept4(descriptor, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (accepted >= 0) {
                return OptionalInt.of(accepted);
            }
            Errno errno = Errno.of(Native.getLastError());
            if (errno == Errno.EAGAIN || errno == Errno.ECONNABORTED) {
                return OptionalInt.empty();
            }
            if (errno != Errno.EINTR) {
                throw HostSyscalls.failed("accept4", "" + descriptor, errno.number());
            }
        }
    }

    @Override
    public void connect(int descriptor, String name) {
        try (CallMemory memory = CallMemory.begin()) {
            ByteBuffer address = memory.take(ADDRESS_SIZE);
            int length = putAddress(address, name);
            // UNIX sockets connect at once or not at all: there is no EINPROGRESS to wait for.
            while (CLibrary.connect(descriptor, CallMemory.addressOf(address), length) != 0) {
                int number = Native.getLastError();
                if (number != Errno.EINTR.number()) {
                    throw HostSyscalls.failed("connect", descriptor + ", " + HostSyscalls.quoted(name), number);
                }
            }
        }
    }

    @Override
    public Credentials peerCredentials(int descriptor) {
        try (CallMemory memory = CallMemory.begin()) {
            ByteBuffer credentials = memory.take(3 * Integer.BYTES);
            ByteBuffer length = memory.take(Integer.BYTES).putInt(0, 3 * Integer.BYTES);
            if (CLibrary.getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, CallMemory.addressOf(credentials),
                    CallMemory.addressOf(length)) != 0) {
                throw HostSyscalls.failed("getsockopt", descriptor + ", SO_PEERCRED", Native.getLastError());
            }
            return new Credentials(credentials.getInt(0), credentials.getInt(4), credentials.getInt(8));
        }
    }

    @Override
    public boolean send(int descriptor, ByteBuffer bytes, int... descriptors) {
        if (descriptors.length > LIMIT_DESCRIPTORS) {
            throw new IllegalArgumentException("a message carries at most " + LIMIT_DESCRIPTORS + " descriptors, not "
                    + descriptors.length);
        }
        try (CallMemory memory = CallMemory.begin()) {
            ByteBuffer payload = bytes.isDirect() ? bytes.slice() : memory.take(bytes.remaining()).put(bytes.duplicate()).flip();
            ByteBuffer control = descriptors.length == 0 ? null : rights(memory, descriptors);
            ByteBuffer message = message(memory, payload, control);
            long sent;
            while ((sent = CLibrary.sendmsg(descriptor, CallMemory.addressOf(message), MSG_NOSIGNAL)) < 0) {
                int number = Native.getLastError();
                if (number == Errno.EAGAIN.number()) {
                    return false;
                }
                if (number != Errno.EINTR.number()) {
                    throw HostSyscalls.failed("sendmsg", descriptor + ", " + payload.remaining() + " bytes, descriptors "
                            + Arrays.toString(descriptors), number);
                }
            }
            bytes.position(bytes.position() + (int) sent);
            Reference.reachabilityFence(payload);
            return true;
        }
    }

    private static ByteBuffer rights(CallMemory memory, int[] descriptors) {
        ByteBuffer control = memory.take(controlSpace(descriptors.length));
        control.putLong(0, CONTROL_HEADER_SIZE + (long) Integer.BYTES * descriptors.length);
        control.putInt(8, SOL_SOCKET).putInt(12, SCM_RIGHTS);
        for (int i = 0; i < descriptors.length; i++) {
            control.putInt(CONTROL_HEADER_SIZE + Integer.BYTES * i, descriptors[i]);
        }
        return control;
    }

    private static int controlSpace(int descriptors) {
        return CONTROL_HEADER_SIZE + (Integer.BYTES * descriptors + 7 & ~7);
    }

    private static ByteBuffer message(CallMemory memory, ByteBuffer payload, ByteBuffer control) {
        ByteBuffer vector = memory.take(16);
        // A buffer without bytes has no address that JNA would give.
        long address = payload.capacity() == 0 ? 0 : CallMemory.addressOf(payload) + payload.position();
        vector.putLong(0, address).putLong(8, payload.remaining());
        ByteBuffer message = memory.take(MESSAGE_SIZE);
        message.putLong(0, 0).putLong(8, 0).putLong(16, CallMemory.addressOf(vector)).putLong(24, 1);
        message.putLong(32, control == null ? 0 : CallMemory.addressOf(control));
        return message.putLong(40, control == null ? 0 : control.capacity()).putLong(48, 0);
    }

    @Override
    public Received receive(int descriptor, ByteBuffer target, int maxDescriptors) {
        try (CallMemory memory = CallMemory.begin()) {
            ByteBuffer payload = target.isDirect() ? target.slice() : memory.take(target.remaining());
            ByteBuffer control = memory.take(controlSpace(LIMIT_DESCRIPTORS));
            ByteBuffer message = message(memory, payload, control);
            long count;
            while ((count = CLibrary.recvmsg(descriptor, CallMemory.addressOf(message), MSG_CMSG_CLOEXEC)) < 0) {
                int number = Native.getLastError();
                if (number == Errno.EAGAIN.number()) {
                    return new Received(-1, List.of(), false);
                }
                if (number != Errno.EINTR.number()) {
                    throw HostSyscalls.failed("recvmsg", descriptor + ", " + target.remaining() + " bytes", number);
                }
            }
            accept(target, payload, (int) count);
            return received((int) count, message, control, maxDescriptors);
        }
    }

    private static void accept(ByteBuffer target, ByteBuffer payload, int count) {
        if (target.isDirect()) {
            target.position(target.position() + count);
        } else {
            target.put(payload.slice(0, count));
        }
    }

    private static Received received(int count, ByteBuffer message, ByteBuffer control, int maxDescriptors) {
        List<Integer> descriptors = descriptorsIn(control, message.getLong(40));
        boolean isCut = (message.getInt(48) & (MSG_TRUNC | MSG_CTRUNC)) != 0 || descriptors.size() > maxDescriptors;
        if (isCut) {
            descriptors.forEach(CLibrary::close);
            return new Received(count, List.of(), true);
        }
        return new Received(count, descriptors, false);
    }

    private static List<Integer> descriptorsIn(ByteBuffer control, long length) {
        List<Integer> descriptors = new ArrayList<>();
        int at = 0;
        while (at + CONTROL_HEADER_SIZE <= length) {
            int size = (int) control.getLong(at);
            if (size < CONTROL_HEADER_SIZE) {
                break;
            }
            if (control.getInt(at + 8) == SOL_SOCKET && control.getInt(at + 12) == SCM_RIGHTS) {
                for (int i = at + CONTROL_HEADER_SIZE; i + Integer.BYTES <= at + size; i += Integer.BYTES) {
                    descriptors.add(control.getInt(i));
                }
            }
            at += size + 7 & ~7;
        }
        return descriptors;
    }

    @Override
    public int eventfd() {
        int descriptor = CLibrary.eventfd(0, EFD_NONBLOCK | LinuxConstants.O_CLOEXEC);
        if (descriptor < 0) {
            throw HostSyscalls.failed("eventfd", "0, EFD_NONBLOCK|EFD_CLOEXEC", Native.getLastError());
        }
        return descriptor;
    }

    @Override
    public void setNonBlocking(int descriptor) {
        int flags = CLibrary.fcntl(descriptor, F_GETFL, 0);
        if (flags < 0) {
            throw HostSyscalls.failed("fcntl", descriptor + ", F_GETFL", Native.getLastError());
        }
        if (CLibrary.fcntl(descriptor, F_SETFL, flags | LinuxConstants.O_NONBLOCK) != 0) {
            throw HostSyscalls.failed("fcntl", descriptor + ", F_SETFL, O_NONBLOCK", Native.getLastError());
        }
    }

    @Override
    public void signal(int descriptor) {
        try (CallMemory memory = CallMemory.begin()) {
            ByteBuffer one = memory.take(Long.BYTES).putLong(0, 1);
            while (CLibrary.write(descriptor, CallMemory.addressOf(one), Long.BYTES) < 0) {
                int number = Native.getLastError();
                if (number == Errno.EAGAIN.number()) {
                    return;
                }
                if (number != Errno.EINTR.number()) {
                    throw HostSyscalls.failed("write", descriptor + ", eventfd", number);
                }
            }
        }
    }

    @Override
    public long drain(int descriptor) {
        try (CallMemory memory = CallMemory.begin()) {
            ByteBuffer counter = memory.take(Long.BYTES);
            while (CLibrary.read(descriptor, CallMemory.addressOf(counter), Long.BYTES) < 0) {
                int number = Native.getLastError();
                if (number == Errno.EAGAIN.number()) {
                    return 0;
                }
                if (number != Errno.EINTR.number()) {
                    throw HostSyscalls.failed("read", descriptor + ", eventfd", number);
                }
            }
            return counter.getLong(0);
        }
    }

    @Override
    public List<Ready> poll(Duration timeout, List<Interest> wanted) {
        try (CallMemory memory = CallMemory.begin()) {
            PollEntries entries = PollEntries.take(memory, wanted.size());
            for (int i = 0; i < wanted.size(); i++) {
                Interest interest = wanted.get(i);
                entries.set(i, interest.descriptor(),
                        PollEntries.POLLIN | (interest.write() ? PollEntries.POLLOUT : 0));
            }
            return entries.await(timeout) ? readyOf(entries, wanted) : List.of();
        }
    }

    private static List<Ready> readyOf(PollEntries entries, List<Interest> wanted) {
        List<Ready> ready = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            int events = entries.eventsOf(i);
            if (events != 0) {
                // End and error are found by reading.
                ready.add(new Ready(wanted.get(i).descriptor(), (events & ~PollEntries.POLLOUT) != 0,
                        (events & PollEntries.POLLOUT) != 0));
            }
        }
        return ready;
    }
}
