package io.vnfkit.launch.compile;

import io.vnfkit.launch.program.Argument;
import io.vnfkit.launch.program.Argument.Data;
import io.vnfkit.launch.program.Argument.Slot;
import io.vnfkit.launch.program.ProgramBuilder;
import io.vnfkit.launch.program.SyscallNumber;
import io.vnfkit.linux.Errno;
import io.vnfkit.namespace.InterfaceAddress;
import io.vnfkit.unit.MacAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Instructions that speak rtnetlink over one socket, in the network namespace that the socket was made in. */
final class Rtnetlink {

    private static final int IFLA_MTU = 4;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    /** No duplicate address detection: it would keep an address from use for a second. */
    private static final int IFA_F_NODAD = 2;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    /** struct ifreq: a name of 16 octets and a union. */
    private static final int IFREQ_SIZE = 40;
    private static final int IFREQ_INDEX = 16;
    private static final int IFREQ_ADDRESS = 16;
    private static final short ARPHRD_ETHER = 1;

    private final Assembly assembly;
    private final ProgramBuilder builder;
    private final Slot socket;

    private Rtnetlink(Assembly assembly, Slot socket) {
        this.assembly = assembly;
        this.builder = assembly.builder();
        this.socket = socket;
    }

    /** Opens a socket in the namespace that the process is in at this instruction. */
    static Rtnetlink open(Assembly assembly, Slot socket) {
        assembly.call(SyscallNumber.SOCKET, Argument.of(Kernel.AF_NETLINK),
                Argument.of(Kernel.SOCK_RAW | Kernel.SOCK_CLOEXEC), Argument.ZERO).into(socket);
        return new Rtnetlink(assembly, socket);
    }

    void close() {
        assembly.close(socket);
    }

    void send(NetlinkMessage message) {
        byte[] bytes = message.toBytes();
        builder.netlink(socket, builder.data().bytes(bytes), bytes.length);
    }

    /** Sends a message after writing a slot's value into it. */
    void send(NetlinkMessage message, int offset, Slot value) {
        byte[] bytes = message.toBytes();
        Data data = builder.data().bytes(bytes);
        builder.store32(value, data.plus(offset));
        builder.netlink(socket, data, bytes.length);
    }

    /** Sends a message after writing two slots' values into it. */
    void send(NetlinkMessage message, int offset, Slot value, int secondOffset, Slot secondValue) {
        byte[] bytes = message.toBytes();
        Data data = builder.data().bytes(bytes);
        builder.store32(value, data.plus(offset));
        builder.store32(secondValue, data.plus(secondOffset));
        builder.netlink(socket, data, bytes.length);
    }

    /** Fails with EEXIST if there is an interface of this name. */
    void requireUnused(String name) {
        Slot result = assembly.slot("result of the look for a name");
        assembly.call(SyscallNumber.IOCTL, socket, Argument.of(Kernel.SIOCGIFINDEX), nameRequest(name))
                .into(result).tolerating(Errno.ENODEV);
        builder.expect(result, -1, Argument.of(-Errno.ENODEV.number()), Errno.EEXIST);
    }

    private Data nameRequest(String name) {
        return assembly.structure(IFREQ_SIZE, fields -> fields.put(name.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Looks an interface's number up by SIOCGIFINDEX. */
    Slot index(String name) {
        Data request = nameRequest(name);
        assembly.call(SyscallNumber.IOCTL, socket, Argument.of(Kernel.SIOCGIFINDEX), request);
        Slot index = assembly.slot("interface index");
        builder.load(request.plus(IFREQ_INDEX), Integer.BYTES).into(index);
        return index;
    }

    /** Removes an interface; fails with ENODEV if there is none of this name, with ESTALE if it has another address. */
    void remove(String name, MacAddress address) {
        // The number comes first: it stands for the interface whose address is right, whoever gets the name next.
        Slot index = index(name);
        Data request = nameRequest(name);
        assembly.call(SyscallNumber.IOCTL, socket, Argument.of(Kernel.SIOCGIFHWADDR), request);
        builder.expect(request.plus(IFREQ_ADDRESS), Long.BYTES, -1, Argument.of(ethernet(address)), Errno.ESTALE);
        NetlinkMessage message = NetlinkMessage.removalOfLink();
        byte[] bytes = message.toBytes();
        Data data = builder.data().bytes(bytes);
        builder.store32(index, data.plus(NetlinkMessage.LINK_INDEX));
        builder.netlink(socket, data, bytes.length).tolerating(Errno.ENODEV);
    }

    /** The start of a struct sockaddr: family of two octets, address of six. */
    private static long ethernet(MacAddress address) {
        return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN)
                .putShort(ARPHRD_ETHER).put(address.octets()).getLong(0);
    }

    /** Sets an interface up, with its MTU and addresses. */
    void configure(String name, List<InterfaceAddress> addresses, Optional<Integer> mtu) {
        Slot index = index(name);
        NetlinkMessage link = NetlinkMessage.link(0, true);
        mtu.ifPresent(octets -> link.number(IFLA_MTU, octets));
        send(link, NetlinkMessage.LINK_INDEX, index);
        for (InterfaceAddress address : addresses) {
            send(addressMessage(address), NetlinkMessage.ADDRESS_INDEX, index);
        }
    }

    private static NetlinkMessage addressMessage(InterfaceAddress address) {
        int family = address.isIpv6() ? AF_INET6 : AF_INET;
        return NetlinkMessage.address(family, address.prefixLength(), address.isIpv6() ? IFA_F_NODAD : 0)
                .bytes(IFA_LOCAL, address.octets())
                .bytes(IFA_ADDRESS, address.octets());
    }
}
