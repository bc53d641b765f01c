package io.vnfkit.sysfs;

import io.vnfkit.Contributions;
import io.vnfkit.Grant;
import io.vnfkit.PlanContext;
import io.vnfkit.VnfFeature;
import io.vnfkit.unit.PciAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Shows a VNF its own share of the host in sysfs and procfs, and gives it the device nodes of its PCI devices.
 *
 * <pre>{@code
 * Vnf.named("bng-1")
 *     .cgroup(cg -> cg
 *         .cpus(CpuSet.parse("2-5"))
 *         .memoryNodes(NodeSet.of(0))
 *         .hugetlb(PageSize.MIB_2, Bytes.mebibytes(512)))
 *     .with(SysfsMask.onlyGranted().pci(PciAddress.parse("0000:05:00.0")))
 * }</pre>
 *
 * <p>What is shown follows from the {@link Grant}: where a description says nothing of CPUs, nodes or huge pages, the
 * VNF may use all of the host's, and sees them. PCI devices are different: those that are not granted are hidden.
 *
 * <p>Masks are static: they show the share as it was at the launch. They hide and do not protect; see the package.
 *
 * <p>Masks need no privilege to plan. A VNF with devices bound to vfio-pci needs a MEMLOCK limit of at least its huge
 * pages; with devices bound to a UIO driver it needs CAP_SYS_ADMIN for physical addresses, and gets the devices'
 * {@code config} and {@code resourceN} files writable, since such a driver works through them.
 *
 * <p>Immutable and thread-safe; every method returns a new value.
 */
public final class SysfsMask implements VnfFeature {

    /** Parts that can be switched on alone. */
    enum Part {
        CPUS,
        LIVE_CPUS,
        NODES,
        HUGEPAGES,
        PCI_DEVICES,
        HIDDEN_PCI_DIRECTORIES,
        CPUINFO,
        MEMINFO,
        STRICT
    }

    private static final SysfsMask NONE = new SysfsMask(EnumSet.noneOf(Part.class), List.of());

    private final Set<Part> parts;
    private final List<PciAddress> devices;

    private SysfsMask(Set<Part> parts, List<PciAddress> devices) {
        this.parts = parts;
        this.devices = devices;
    }

    /**
     * No mask at all, to switch single parts on.
     *
     * @return a feature that does nothing yet
     */
    public static SysfsMask none() {
        return NONE;
    }

    /**
     * All masks: CPUs, nodes, huge pages, PCI devices, /proc/cpuinfo and /proc/meminfo show what was granted.
     *
     * @return the feature
     */
    public static SysfsMask onlyGranted() {
        return NONE.cpus().nodes().hugepages().pciDevices().cpuinfo().meminfo();
    }

    /**
     * Masks /sys/devices/system/cpu.
     *
     * <p>{@code online} and {@code present} list the granted CPUs. {@code possible} runs from 0 to the highest of
     * them, without holes: the C library counts it for {@code _SC_NPROCESSORS_CONF}, and programs (libnuma is one)
     * take that count as the bound of CPU numbers. Directories of other CPUs are empty. Those of granted CPUs have
     * their topology with lists that name granted CPUs only, since programs follow them to other CPUs' directories,
     * and their caches as the kernel shows them.
     *
     * @return the feature with that part
     */
    public SysfsMask cpus() {
        return with(Part.CPUS);
    }

    /**
     * As {@link #cpus()}, with the kernel's own directories for the granted CPUs, and {@code cpufreq} and {@code
     * cpuidle}, for programs that watch clock rates. Sibling lists then name CPUs that are hidden, and all clock
     * policies of the host show.
     *
     * @return the feature with that part
     */
    public SysfsMask liveCpus() {
        return with(Part.CPUS).with(Part.LIVE_CPUS);
    }

    /**
     * Masks /sys/devices/system/node: only granted nodes, and nodes of granted CPUs. A node that has granted CPUs and
     * is no granted memory node shows as one without memory: a program that knows the true node of its CPUs can place
     * its work, and the EAL would take them for CPUs of node 0 otherwise.
     *
     * @return the feature with that part
     */
    public SysfsMask nodes() {
        return with(Part.NODES);
    }

    /**
     * Masks the huge page counters, global and per node: only granted sizes, and as many pages as were granted, all
     * free. The EAL counts pages per node, so the grant is divided among the granted memory nodes: first those with
     * granted CPUs, as far as pages are free there. The sum is the grant.
     *
     * @return the feature with that part
     */
    public SysfsMask hugepages() {
        return with(Part.HUGEPAGES);
    }

    /**
     * Masks /sys/bus/pci/devices: only links to granted devices.
     *
     * @return the feature with that part
     */
    public SysfsMask pciDevices() {
        return with(Part.PCI_DEVICES);
    }

    /**
     * As {@link #pciDevices()}, and puts the real directories of other devices out of reach, and /proc/bus/pci. Costs
     * a mount for each device, or one for a whole root bus where nothing on it is granted.
     *
     * @return the feature with that part
     */
    public SysfsMask hidePciDirectories() {
        return with(Part.PCI_DEVICES).with(Part.HIDDEN_PCI_DIRECTORIES);
    }

    /**
     * Masks /proc/cpuinfo: only granted CPUs.
     *
     * @return the feature with that part
     */
    public SysfsMask cpuinfo() {
        return with(Part.CPUINFO);
    }

    /**
     * Masks the lines of huge pages in /proc/meminfo.
     *
     * @return the feature with that part
     */
    public SysfsMask meminfo() {
        return with(Part.MEMINFO);
    }

    /**
     * Makes a PCI device on another node than the granted memory a problem. Without this it is only logged, at debug
     * level: it works, at the cost of every packet crossing between sockets.
     *
     * @return the feature with that rule
     */
    public SysfsMask strict() {
        return with(Part.STRICT);
    }

    /**
     * Grants PCI devices: their nodes in /dev, the rules for them, and the EAL's {@code -a} arguments.
     *
     * @param addresses the devices
     * @return the feature with these devices, and those given before
     */
    public SysfsMask pci(PciAddress... addresses) {
        TreeSet<PciAddress> all = new TreeSet<>(devices);
        all.addAll(List.of(addresses));
        return new SysfsMask(parts, List.copyOf(all));
    }

    private SysfsMask with(Part part) {
        EnumSet<Part> more = EnumSet.of(part);
        more.addAll(parts);
        return new SysfsMask(more, devices);
    }

    @Override
    public Grant grant(Grant grant) {
        Grant widened = grant;
        for (PciAddress device : devices) {
            widened = widened.withPciDevice(device);
        }
        return widened;
    }

    @Override
    public void contribute(PlanContext context, Contributions contributions) {
        HostTopology host = HostTopology.read(context.host());
        Grant grant = context.grant();
        contributeSystem(host, context, contributions);
        PciGrant pci = PciGrant.of(grant.pciDevices(), host.pci());
        pci.problems(grant, has(Part.STRICT)).forEach(contributions::problem);
        new LockedMemoryCheck(context).problem(pci.devices()).ifPresent(contributions::problem);
        pci.contributeAccess(context.files(), contributions);
        if (!has(Part.PCI_DEVICES)) {
            return;
        }
        pci.contributeArguments(contributions);
        PciMasks masks = new PciMasks(host.pci(), pci.existing());
        masks.links().ifPresent(contributions::mask);
        if (has(Part.HIDDEN_PCI_DIRECTORIES)) {
            masks.directories(context.files()).forEach(contributions::mask);
        }
    }

    private void contributeSystem(HostTopology host, PlanContext context, Contributions contributions) {
        if (parts.stream().noneMatch(EnumSet.range(Part.CPUS, Part.HUGEPAGES)::contains)
                && !has(Part.CPUINFO) && !has(Part.MEMINFO)) {
            return;
        }
        GrantChecks.of(context.grant(), host).forEach(contributions::problem);
        VisibleHost visible = VisibleHost.of(context.grant(), host);
        NodeMasks nodes = new NodeMasks(context.files(), host, visible, has(Part.HUGEPAGES));
        if (has(Part.CPUS) && !visible.allCpus()) {
            contributions.mask(new CpuMask(context.files(), host.cpus(), visible, has(Part.LIVE_CPUS)).mask());
        }
        boolean someNodesHidden = !visible.nodes().isEmpty() && !(visible.allNodes() && visible.allCpus());
        if (has(Part.NODES) && someNodesHidden) {
            contributions.mask(nodes.wholeDirectory());
        } else {
            nodes.counters().forEach(contributions::mask);
        }
        if (has(Part.HUGEPAGES)) {
            HugepageMasks.global(context.files(), visible).ifPresent(contributions::mask);
        }
        contributeProc(host, context, visible, contributions);
    }

    private void contributeProc(
            HostTopology host, PlanContext context, VisibleHost visible, Contributions contributions) {
        if (has(Part.CPUINFO) && !visible.allCpus()) {
            ProcMasks.cpuinfo(context.files(), visible).ifPresent(contributions::mask);
        }
        if (has(Part.MEMINFO)) {
            ProcMasks.meminfo(host.hugepages(), visible).ifPresent(contributions::mask);
        }
    }

    private boolean has(Part part) {
        return parts.contains(part);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SysfsMask mask && mask.parts.equals(parts) && mask.devices.equals(devices);
    }

    @Override
    public int hashCode() {
        return Objects.hash(parts, devices);
    }

    @Override
    public String toString() {
        return "sysfs mask of " + parts + (devices.isEmpty() ? "" : " with PCI devices " + devices);
    }
}
