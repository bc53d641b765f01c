package io.vnfkit.sysfs;

import io.vnfkit.PlanContext;
import io.vnfkit.Problem;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.security.Capability;
import io.vnfkit.security.ResourceLimit;
import io.vnfkit.unit.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * VFIO pins all memory that a device may reach, which is all huge pages of a DPDK program, and counts it against
 * RLIMIT_MEMLOCK. Only CAP_IPC_LOCK in the initial user namespace makes an exception.
 */
final class LockedMemoryCheck {

    private final PlanContext context;

    LockedMemoryCheck(PlanContext context) {
        this.context = context;
    }

    Optional<Problem> problem(List<PciDevice> devices) {
        long needed = context.grant().hugepages().values().stream().mapToLong(Bytes::value).sum();
        if (devices.stream().noneMatch(LockedMemoryCheck::pinsMemory) || needed == 0 || mayLockAll()) {
            return Optional.empty();
        }
        return limit(context.files())
                .filter(limit -> Long.compareUnsigned(limit, needed) < 0)
                .map(limit -> new Problem("security.resourceLimits",
                        "the limit MEMLOCK is " + limit + " bytes, and VFIO locks the " + needed
                                + " bytes of huge pages that are granted",
                        "set the resource limit MEMLOCK to at least " + needed + ", or grant the capability IPC_LOCK"
                                + " without a user namespace"));
    }

    private static boolean pinsMemory(PciDevice device) {
        return device.driver() instanceof Driver.VfioPci
                && device.iommuGroup().filter(group -> !group.noIommu()).isPresent();
    }

    private boolean mayLockAll() {
        return context.vnf().security().capabilities().effective().contains(Capability.IPC_LOCK)
                && !context.vnf().namespaces().isFresh(NamespaceKind.USER);
    }

    private Optional<Long> limit(KernelFiles files) {
        return context.vnf().security().resourceLimits().stream()
                .filter(limit -> limit.kind() == ResourceLimit.Kind.MEMLOCK)
                .map(ResourceLimit::soft)
                .findFirst()
                .or(() -> inherited(files));
    }

    /** Soft limit of this process; empty for unlimited. proc_pid_limits(5): columns are at least two blanks apart. */
    private static Optional<Long> inherited(KernelFiles files) {
        return files.readIfExists("/proc/self/limits").flatMap(limits -> limits.lines()
                .filter(line -> line.startsWith("Max locked memory"))
                .map(line -> line.split("\\s{2,}")[1])
                .filter(soft -> !soft.equals("unlimited"))
                .map(Long::valueOf)
                .findFirst());
    }
}
