package io.vnfkit.sysfs;

import io.vnfkit.linux.Host;
import java.util.Objects;

/**
 * What a host has: CPUs, NUMA nodes, PCI devices and huge pages, as sysfs shows them.
 *
 * <p>Each part is read when it is first asked for, and details of a CPU, a node or a device only when that one is
 * asked for: on a large host sysfs has tens of thousands of files. Reading needs no privilege. A host that lacks a
 * part (no NUMA, no PCI bus, no huge pages) has it empty.
 *
 * <p>Thread-safe. The lists of CPUs and nodes are those of the first look; take a new instance to see later changes.
 *
 * <pre>{@code
 * HostTopology topology = HostTopology.read(Host.thisHost());
 * CpuSet isolated = topology.cpus().isolated();
 * List<PciAddress> devices = topology.pci().list();
 * }</pre>
 */
public final class HostTopology {

    private final Memo<CpuTopology> cpus;
    private final Memo<NumaTopology> numa;
    private final PciDevices pci;
    private final Hugepages hugepages;

    private HostTopology(SysfsReader sysfs) {
        this.cpus = new Memo<>(() -> new CpuTopology(sysfs));
        this.hugepages = new Hugepages(sysfs);
        this.numa = new Memo<>(() -> new NumaTopology(sysfs, hugepages));
        this.pci = new PciDevices(sysfs);
    }

    /**
     * The topology of a host. Nothing is read yet.
     *
     * @param host the host
     * @return its topology
     */
    public static HostTopology read(Host host) {
        Objects.requireNonNull(host, "host");
        return new HostTopology(new SysfsReader(host.files()));
    }

    /**
     * The CPUs.
     *
     * @return CPUs below /sys/devices/system/cpu
     * @throws io.vnfkit.linux.KernelFileException if they cannot be read
     */
    public CpuTopology cpus() {
        return cpus.get();
    }

    /**
     * The NUMA nodes.
     *
     * @return nodes below /sys/devices/system/node; none on a kernel without NUMA
     * @throws io.vnfkit.linux.KernelFileException if they cannot be read
     */
    public NumaTopology numa() {
        return numa.get();
    }

    /**
     * The PCI devices.
     *
     * @return devices below /sys/bus/pci/devices; none on a machine without that bus
     */
    public PciDevices pci() {
        return pci;
    }

    /**
     * The huge pages.
     *
     * @return counters below /sys/kernel/mm/hugepages and of each node
     */
    public Hugepages hugepages() {
        return hugepages;
    }
}
