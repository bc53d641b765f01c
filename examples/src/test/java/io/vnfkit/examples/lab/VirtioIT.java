package io.vnfkit.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.dpdk.EalArguments;
import io.vnfkit.dpdk.port.Port.Spread;
import io.vnfkit.examples.jvm.JvmInVnf;
import io.vnfkit.hugetlb.HugetlbfsVolume;
import io.vnfkit.linux.Host;
import io.vnfkit.security.Capability;
import io.vnfkit.security.CapabilitySets;
import io.vnfkit.sysfs.Driver;
import io.vnfkit.sysfs.HostTopology;
import io.vnfkit.sysfs.PciDevice;
import io.vnfkit.sysfs.SysfsMask;
import io.vnfkit.testing.InsideVnf;
import io.vnfkit.testing.LaunchesVnfs;
import io.vnfkit.testing.Needs;
import io.vnfkit.testing.RequiresFreeHugepages;
import io.vnfkit.testing.RequiresIommu;
import io.vnfkit.testing.RequiresVfioDevice;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.PageSize;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * VNFs on two virtio NICs that are joined: the sender's is bound to uio_pci_generic, and reaches memory by its physical
 * address; the receiver's is bound to vfio-pci, has two queues and hashes packets.
 */
@Tag("root")
@LaunchesVnfs
@RequiresIommu
@RequiresVfioDevice
@RequiresFreeHugepages(count = 128)
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VirtioIT {

    private static final Logger LOG = LoggerFactory.getLogger(VirtioIT.class);
    private static final Bytes SIZE = Bytes.mebibytes(64);
    private static final int VIRTIO = 0x1af4;
    private static final Pattern QUEUES = Pattern.compile("queues: (\\d+) (\\d+)");

    private record Queues(long first, long second) {}

    private static PciDevice virtio(Class<? extends Driver> driver) {
        HostTopology host = HostTopology.read(Host.thisHost());
        Optional<PciDevice> nic = host.pci().list().stream().map(host.pci()::device)
                .filter(device -> device.ids().vendor() == VIRTIO && driver.isInstance(device.driver()))
                .findFirst();
        Needs.thing(nic.isPresent(), "virtio NIC bound to " + driver.getSimpleName(), "run examples/lab");
        return nic.orElseThrow();
    }

    private static Vnf program(Vnf.Builder vnf, Class<?> program, PciDevice nic, Object word) {
        return JvmInVnf.command(vnf, program, EalArguments.fromGrant().noTelemetry(), "--", nic.address().toString(),
                word.toString()).build();
    }

    private static Vnf.Builder owning(PciDevice nic, String cpus) {
        return InsideVnf.vnf()
                .cgroup(cg -> cg.cpus(CpuSet.parse(cpus)).hugetlb(PageSize.MIB_2, SIZE))
                .with(HugetlbfsVolume.at("/dev/hugepages").pageSize(PageSize.MIB_2).size(SIZE))
                .with(SysfsMask.onlyGranted().pci(nic.address()));
    }

    private static Queues queues(Spread spread, int varying) throws Exception {
        PciDevice to = virtio(Driver.VfioPci.class);
        PciDevice from = virtio(Driver.UioPciGeneric.class);
        Vnf sender = program(owning(from, "0-1").security(s -> s.capabilities(
                CapabilitySets.DPDK_DEFAULT.plus(Capability.SYS_ADMIN))), NicSource.class, from, varying);
        Vnf receiver = program(owning(to, "4-5"), NicQueues.class, to, spread);
        VnfLauncher launcher = VnfLauncher.onThisHost();
        try (RunningVnf sending = launcher.launch(sender)) {
            Started.await(sending, "sending with net_virtio");
            try (RunningVnf receiving = launcher.launch(receiver)) {
                String output = new String(receiving.standardOutput().readAllBytes(), StandardCharsets.UTF_8);
                String errors = new String(receiving.standardError().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(receiving.onExit().get(1, TimeUnit.MINUTES)).as(output + errors).isZero();
                Matcher seen = QUEUES.matcher(output);
                assertThat(seen.find()).as(output).isTrue();
                Queues queues = new Queues(Long.parseLong(seen.group(1)), Long.parseLong(seen.group(2)));
                LOG.info("by {}, with flows that differ at {}: {}", spread, varying, queues);
                return queues;
            }
        }
    }

    @Test
    void flowsOfManyAddressesAreSpreadByAddress() throws Exception {
        Queues queues = queues(Spread.IP, NicSource.SOURCE_ADDRESS);

        assertThat(queues.first()).isGreaterThan(100);
        assertThat(queues.second()).isGreaterThan(100);
    }

    @Test
    void flowsOfOneAddressStayTogetherWhenSpreadByAddress() throws Exception {
        Queues queues = queues(Spread.IP, NicSource.PORTS);

        assertThat(Math.min(queues.first(), queues.second())).isZero();
    }

    @Test
    void flowsOfOneAddressAreSpreadByPort() throws Exception {
        Queues queues = queues(Spread.FLOW, NicSource.PORTS);

        assertThat(queues.first()).isGreaterThan(100);
        assertThat(queues.second()).isGreaterThan(100);
    }
}
