package io.vnfkit.examples.quickstart;

import io.vnfkit.StandardStreams;
import io.vnfkit.Vnf;
import io.vnfkit.dpdk.EalArguments;
import io.vnfkit.hugetlb.HugetlbfsVolume;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.namespace.NetworkInterface;
import io.vnfkit.sysfs.SysfsMask;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** The VNF between the two neighbours: Debian's dpdk-testpmd as it is, moving packets from one interface to the other. */
final class ForwardingVnf {

    static final String NAME = "quickstart-forwarder";
    static final Bytes HUGEPAGES = Bytes.mebibytes(64);
    /** What it prints when it forwards: the first of its statistics, one a second. */
    static final String READY = "NIC statistics for port 1";

    /** Where it finds a device of the host that nobody has granted. */
    static final Path FOREIGN_DEVICE = Path.of("/dev/foreign");

    private ForwardingVnf() {}

    static Vnf describe(Machine machine, Optional<Path> foreignDevice) {
        Vnf.Builder vnf = granted(NAME, machine);
        foreignDevice.ifPresent(device -> vnf.mount(new VnfMount.Bind(device, FOREIGN_DEVICE, Set.of(), false)));
        return vnf
                .namespaces(ns -> ns.isolateAll().hostname("forwarder")
                        .networkInterface(NetworkInterface.veth("left", Neighbours.LEFT_INTERFACE)
                                .peerIn(Neighbours.file(Neighbours.LEFT))
                                .peerAddress(Neighbours.LEFT_ADDRESS + "/24"))
                        .networkInterface(NetworkInterface.veth("right", Neighbours.RIGHT_INTERFACE)
                                .peerIn(Neighbours.file(Neighbours.RIGHT))
                                .peerAddress(Neighbours.RIGHT_ADDRESS + "/24")))
                .streams(StandardStreams.PIPES)
                .command("dpdk-testpmd", arguments(machine)
                                .vdev("net_af_packet0,iface=left")
                                .vdev("net_af_packet1,iface=right"),
                        "--", "--forward-mode=io", "--auto-start", "--no-mlockall", "--total-num-mbufs=4096",
                        "--stats-period=1")
                .build();
    }

    /** A VNF that shall use twice as many hugepages as it is granted. */
    static Vnf describeGreedy(Machine machine) {
        return granted("quickstart-greedy", machine)
                .streams(StandardStreams.PIPES)
                .command("dpdk-testpmd", arguments(machine).vdev("net_null0"),
                        "-m", Long.toString(2 * HUGEPAGES.inMebibytes()), "--", "--no-mlockall")
                .build();
    }

    static Vnf.Builder granted(String name, Machine machine) {
        return Vnf.named(name)
                .cgroup(cg -> cg.cpus(machine.cpus()).memoryNodes(machine.nodes()).hugetlb(PageSize.MIB_2, HUGEPAGES))
                .with(HugetlbfsVolume.at("/dev/hugepages").pageSize(PageSize.MIB_2).size(HUGEPAGES))
                .with(SysfsMask.onlyGranted());
    }

    /** On a machine with few CPUs, two lcores share the one that is granted. */
    private static EalArguments arguments(Machine machine) {
        EalArguments arguments = EalArguments.fromGrant();
        return machine.cpus().size() > 1
                ? arguments
                : arguments.with("--lcores", "(0,1)@" + machine.cpus().first());
    }
}
