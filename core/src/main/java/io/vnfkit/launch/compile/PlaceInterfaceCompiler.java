package io.vnfkit.launch.compile;

import io.vnfkit.launch.program.Argument;
import io.vnfkit.launch.program.Argument.Slot;
import io.vnfkit.launch.program.SyscallNumber;
import io.vnfkit.launch.step.SupervisorStep.ConfigurePeer;
import io.vnfkit.launch.step.SupervisorStep.PlaceInterface;
import io.vnfkit.namespace.NetworkInterface;
import io.vnfkit.unit.MacAddress;
import java.nio.file.Path;
import java.util.Optional;

/** Puts interfaces into the VNF's network namespace, from the host's. */
final class PlaceInterfaceCompiler {

    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int VETH_INFO_PEER = 1;
    private static final int IFLA_NET_NS_PID = 19;
    private static final int IFLA_NET_NS_FD = 28;

    private final Assembly assembly;
    private final Slot child;
    private Rtnetlink host;

    PlaceInterfaceCompiler(Assembly assembly, Slot child) {
        this.assembly = assembly;
        this.child = child;
    }

    void place(PlaceInterface step) {
        if (host == null) {
            host = Rtnetlink.open(assembly, assembly.slot("host rtnetlink"));
        }
        NetworkInterface networkInterface = step.networkInterface();
        if (networkInterface.origin() instanceof NetworkInterface.Moved moved) {
            move(moved, networkInterface);
        } else if (networkInterface.origin() instanceof NetworkInterface.Veth veth) {
            createPair(veth, networkInterface, step.peerAddress());
        }
    }

    private void move(NetworkInterface.Moved moved, NetworkInterface networkInterface) {
        Slot index = host.index(moved.hostName());
        NetlinkMessage message = NetlinkMessage.link(0, false);
        int pid = message.nextValueOffset();
        message.number(IFLA_NET_NS_PID, 0);
        message.text(IFLA_IFNAME, networkInterface.name());
        host.send(message, NetlinkMessage.LINK_INDEX, index, pid, child);
    }

    private void createPair(NetworkInterface.Veth veth, NetworkInterface networkInterface,
            Optional<MacAddress> peerAddress) {
        Slot peerNamespace = assembly.slot("peer namespace");
        Path path = veth.peerNamespace().orElse(Path.of("/proc/self/ns/net"));
        assembly.openInto(peerNamespace, assembly.path(path), Kernel.O_RDONLY);

        NetlinkMessage message = NetlinkMessage.link(NetlinkMessage.NLM_F_CREATE_EXCLUSIVELY, false);
        int pid = message.nextValueOffset();
        message.number(IFLA_NET_NS_PID, 0);
        message.text(IFLA_IFNAME, networkInterface.name());
        networkInterface.mtu().ifPresent(octets -> message.number(IFLA_MTU, octets));
        message.begin(IFLA_LINKINFO).text(IFLA_INFO_KIND, "veth").begin(IFLA_INFO_DATA).begin(VETH_INFO_PEER);
        message.linkHeader(false).text(IFLA_IFNAME, veth.peerName());
        peerAddress.ifPresent(address -> message.bytes(IFLA_ADDRESS, address.octets()));
        networkInterface.mtu().ifPresent(octets -> message.number(IFLA_MTU, octets));
        int descriptor = message.nextValueOffset();
        message.number(IFLA_NET_NS_FD, 0).end().end().end();
        host.send(message, pid, child, descriptor, peerNamespace);
    }

    /** Right after the pair was made. */
    void configurePeer(ConfigurePeer step) {
        NetworkInterface.Veth veth = step.peer();
        Slot peerNamespace = assembly.slot("peer namespace");
        if (veth.peerNamespace().isEmpty()) {
            host.configure(veth.peerName(), veth.peerAddresses(), Optional.empty());
            assembly.close(peerNamespace);
            return;
        }
        // A socket belongs for ever to the namespace it was made in, so the supervisor need not stay there.
        Slot own = assembly.slot("own namespace");
        assembly.openInto(own, assembly.builder().string("/proc/self/ns/net"), Kernel.O_RDONLY);
        enter(peerNamespace);
        Rtnetlink there = Rtnetlink.open(assembly, assembly.slot("peer rtnetlink"));
        enter(own);
        there.configure(veth.peerName(), veth.peerAddresses(), Optional.empty());
        there.close();
        assembly.close(own);
        assembly.close(peerNamespace);
    }

    private void enter(Slot namespace) {
        assembly.call(SyscallNumber.SETNS, namespace, Argument.of(Kernel.CLONE_NEWNET));
    }
}
