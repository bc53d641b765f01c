package io.vnfkit.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.Problem;
import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.dpdk.EalArguments;
import io.vnfkit.examples.jvm.JvmInVnf;
import io.vnfkit.hugetlb.HugetlbfsVolume;
import io.vnfkit.linux.Host;
import io.vnfkit.security.Capability;
import io.vnfkit.security.CapabilitySets;
import io.vnfkit.security.ResourceLimit;
import io.vnfkit.sysfs.DeviceNode;
import io.vnfkit.sysfs.Driver;
import io.vnfkit.sysfs.HostTopology;
import io.vnfkit.sysfs.PciDevice;
import io.vnfkit.sysfs.SysfsMask;
import io.vnfkit.testing.HostShell;
import io.vnfkit.testing.InsideVnf;
import io.vnfkit.testing.LaunchesVnfs;
import io.vnfkit.testing.Needs;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresFreeHugepages;
import io.vnfkit.testing.RequiresIommu;
import io.vnfkit.testing.RequiresVfioDevice;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import io.vnfkit.unit.PciAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** VNFs that own NICs behind an IOMMU. */
@Tag("root")
@LaunchesVnfs
@RequiresIommu
@RequiresVfioDevice
@RequiresCommand("dpdk-testpmd")
@RequiresFreeHugepages(count = 128)
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VfioIT {

    private static final Logger LOG = LoggerFactory.getLogger(VfioIT.class);
    private static final Bytes SIZE = Bytes.mebibytes(64);

    private final HostTopology host = HostTopology.read(Host.thisHost());

    private List<PciDevice> nics(Predicate<PciDevice> wanted) {
        List<PciDevice> nics = host.pci().list().stream().map(host.pci()::device)
                .filter(device -> device.ids().isNetwork()).filter(wanted).toList();
        Needs.thing(!nics.isEmpty(), "NIC of the kind that this test needs", "run examples/lab");
        return nics;
    }

    private static boolean isVfio(PciDevice device) {
        return device.driver() instanceof Driver.VfioPci;
    }

    private static boolean isAlone(PciDevice device) {
        return device.iommuGroup().filter(group -> group.members().size() == 1).isPresent();
    }

    private List<PciDevice> pair() {
        List<PciDevice> pair = nics(nic -> isVfio(nic) && isAlone(nic) && nic.numaNode().isPresent());
        Needs.thing(pair.size() == 2, "2 cabled NICs", "run examples/lab");
        return pair;
    }

    private Vnf.Builder owning(PciDevice nic) {
        int node = nic.numaNode().orElse(0);
        List<Integer> cpus = host.numa().cpusOf(node).stream().boxed().toList();
        return InsideVnf.vnf()
                .cgroup(cg -> cg.cpus(CpuSet.of(cpus.get(0), cpus.get(1))).memoryNodes(NodeSet.of(node))
                        .hugetlb(PageSize.MIB_2, SIZE))
                .with(HugetlbfsVolume.at("/dev/hugepages").pageSize(PageSize.MIB_2).size(SIZE))
                .with(SysfsMask.onlyGranted().pci(nic.address()).strict());
    }

    private static Vnf testpmd(Vnf.Builder vnf, String... options) {
        // Its output into a pipe would stay in a buffer of the C library.
        List<Object> command = new ArrayList<>(List.of("stdbuf", "-oL", "dpdk-testpmd", EalArguments.fromGrant(),
                "--", "--no-mlockall", "--total-num-mbufs=2048"));
        command.addAll(List.of(options));
        return vnf.command(command.toArray()).build();
    }

    @Test
    void theReaderFindsGroupAndNodesOfADevice() {
        PciDevice nic = pair().get(0);

        DeviceNode node = nic.deviceNodes().stream()
                .filter(candidate -> candidate.path().endsWith("vfio/" + nic.iommuGroup().orElseThrow().number()))
                .findFirst().orElseThrow();
        assertThat(nic.iommuGroup().orElseThrow().members()).containsExactly(nic.address());
        assertThat(HostShell.run("stat -c '%Hr:%Lr' " + node.path()).strip()).isEqualTo(node.number().toString());
        assertThat(nic.deviceNodes()).extracting(found -> found.path().toString()).contains("/dev/vfio/vfio");
    }

    @Test
    void onlyTheGrantedDeviceIsSeenAndMayBeOpened() {
        PciDevice granted = pair().get(0);
        PciDevice other = pair().get(1);
        int group = granted.iommuGroup().orElseThrow().number();
        DeviceNode foreign = other.deviceNodes().stream().filter(node -> !node.path().endsWith("vfio"))
                .findFirst().orElseThrow();
        CapabilitySets mayMakeNodes = CapabilitySets.DPDK_DEFAULT.plus(Capability.MKNOD);

        InsideVnf.Seen seen = InsideVnf.run(owning(granted).security(s -> s.capabilities(mayMakeNodes)),
                "echo devices: $(ls /sys/bus/pci/devices)",
                "echo nodes: $(ls /dev/vfio)",
                "(exec 3<>/dev/vfio/vfio) && echo container: opened",
                "(exec 3<>/dev/vfio/" + group + ") && echo group: opened",
                "echo foreign: $(mknod /tmp/foreign c " + foreign.number().major() + " " + foreign.number().minor()
                        + " 2>&1)");

        assertThat(seen.fields()).containsEntry("devices", granted.address().toString())
                .containsEntry("nodes", group + " vfio").containsEntry("container", "opened")
                .containsEntry("group", "opened");
        assertThat(seen.fields().get("foreign")).as(seen.output()).contains("Operation not permitted");
    }

    @Test
    void twoVnfsForwardBetweenTheirNics() throws Exception {
        VnfLauncher launcher = VnfLauncher.onThisHost();
        String[] swap = {"--forward-mode=macswap", "--auto-start"};
        String[] begin = {"--forward-mode=macswap", "--auto-start", "--tx-first"};
        try (RunningVnf left = launcher.launch(testpmd(owning(pair().get(0)), swap))) {
            Started.await(left, "Press enter to exit");
            try (RunningVnf right = launcher.launch(testpmd(owning(pair().get(1)), begin))) {
                Started.await(right, "Press enter to exit");
                // Packets circle between the two for a while.
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(10));
                long rightCount = receivedAtEnd(right);
                long leftCount = receivedAtEnd(left);

                LOG.info("received {} and {} packets in about 10 s", leftCount, rightCount);
                assertThat(leftCount).isGreaterThan(1000);
                assertThat(rightCount).isGreaterThan(1000);
            }
        }
    }

    @Test
    void theForwardingCoreSendsAndReceivesOnItsNic() throws Exception {
        VnfLauncher launcher = VnfLauncher.onThisHost();
        PciDevice nic = pair().get(0);
        try (RunningVnf peer = launcher.launch(testpmd(owning(pair().get(1)), "--forward-mode=macswap", "--auto-start"))) {
            Started.await(peer, "Press enter to exit");
            try (RunningVnf core = launcher.launch(roundTrip(nic))) {
                String output = new String(core.standardOutput().readAllBytes(), StandardCharsets.UTF_8);
                String errors = new String(core.standardError().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(core.onExit().get(1, TimeUnit.MINUTES)).as(output + errors).isZero();

                Map<String, String> seen = output.lines().map(line -> line.split(": ", 2))
                        .collect(Collectors.toMap(line -> line[0], line -> line[1]));
                LOG.info("the core saw {}", seen);
                assertThat(seen).containsEntry("device", nic.address().toString()).containsEntry("driver", "net_e1000_em")
                        .containsEntry("node", String.valueOf(nic.numaNode().orElseThrow()))
                        .containsEntry("promiscuous", "true").containsEntry("reordered", "0").containsEntry("dropped", "0");
                assertThat(Long.parseLong(seen.get("received"))).isGreaterThanOrEqualTo(NicRoundTrip.PACKETS);
                assertThat(Long.parseLong(seen.get("port"))).isGreaterThanOrEqualTo(NicRoundTrip.PACKETS);
            }
        }
    }

    private Vnf roundTrip(PciDevice nic) {
        return JvmInVnf.command(owning(nic), NicRoundTrip.class, EalArguments.fromGrant().noTelemetry(), "--",
                nic.address().toString()).build();
    }

    private static long receivedAtEnd(RunningVnf vnf) throws Exception {
        vnf.standardInput().write('\n');
        String output = new String(vnf.standardOutput().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(vnf.onExit().get(1, TimeUnit.MINUTES)).as(output).isZero();
        Matcher matcher = Pattern.compile("RX-packets: (\\d+)").matcher(output);
        assertThat(matcher.find()).as(output).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private Vnf.Builder withoutCapabilities(long memlock) {
        return owning(pair().get(0)).security(s -> s.capabilities(CapabilitySets.NONE)
                .resourceLimit(ResourceLimit.Kind.MEMLOCK, memlock));
    }

    @Test
    void tooLowALimitOfLockedMemoryIsAPlanningError() {
        assertThat(VnfLauncher.onThisHost().preflight(testpmd(withoutCapabilities(64 << 10)))).singleElement()
                .satisfies(problem -> assertThat(problem.what()).contains("the limit MEMLOCK is 65536 bytes"));
    }

    @Test
    void tooLowALimitOfLockedMemoryKeepsTheDeviceFromTheProgram() {
        // testpmd goes on without ports, which is why planning has to tell.
        InsideVnf.Seen seen = InsideVnf.run(withoutCapabilities(2 * SIZE.value()), "ulimit -l 64",
                "dpdk-testpmd --huge-dir=/dev/hugepages --file-prefix=low -a " + pair().get(0).address()
                        + " -- --no-mlockall --total-num-mbufs=2048 < /dev/null");

        assertThat(seen.output()).contains("Cannot allocate memory", "No probed ethernet devices");
    }

    @Test
    void theLimitOfLockedMemoryIsEnoughWithoutTheCapability() throws Exception {
        Vnf vnf = testpmd(withoutCapabilities(SIZE.value()));

        try (RunningVnf running = VnfLauncher.onThisHost().launch(vnf)) {
            assertThat(Started.await(running, "Press enter to exit")).contains("Configuring Port 0");
        }
    }

    private static List<Problem> problems(PciAddress address) {
        Vnf vnf = InsideVnf.vnf().with(SysfsMask.onlyGranted().pci(address)).command("true").build();
        return VnfLauncher.onThisHost().preflight(vnf);
    }

    @Test
    void aDeviceOfTheKernelIsAPlanningError() {
        PciDevice nic = nics(device -> device.driver().name().equals("e1000e")).get(0);

        assertThat(problems(nic.address())).singleElement().satisfies(problem -> {
            assertThat(problem.what()).contains(nic.address().toString(), "e1000e");
            assertThat(problem.toString()).contains("vfio-pci");
        });
    }

    @Test
    void aSharedGroupIsAPlanningError() {
        PciDevice nic = nics(device -> isVfio(device) && !isAlone(device)).get(0);

        assertThat(problems(nic.address())).singleElement().satisfies(problem ->
                assertThat(problem.what()).contains("shares IOMMU group").doesNotContain("pcieport"));
    }

    @Test
    void anAddressWithoutADeviceIsAPlanningError() {
        assertThat(problems(PciAddress.parse("0000:fe:1e.7"))).singleElement().satisfies(problem ->
                assertThat(problem.what()).contains("0000:fe:1e.7 does not exist"));
    }
}
