package io.vnfkit.sysfs;

import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * CPUs of a host, from /sys/devices/system/cpu.
 *
 * <p>Immutable and thread-safe; {@link #cpu} reads sysfs at each call.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cputopology.html">How CPU topology info is exported via sysfs</a>
 */
public final class CpuTopology {

    static final String ROOT = "/sys/devices/system/cpu";

    private final SysfsReader sysfs;
    private final CpuSet possible;
    private final CpuSet present;
    private final CpuSet online;
    private final CpuSet isolated;
    private final CpuSet nohzFull;

    CpuTopology(SysfsReader sysfs) {
        this.sysfs = sysfs;
        this.possible = sysfs.cpuSet(ROOT + "/possible");
        this.present = sysfs.cpuSet(ROOT + "/present");
        this.online = sysfs.cpuSet(ROOT + "/online");
        this.isolated = sysfs.cpuSetIfExists(ROOT + "/isolated");
        this.nohzFull = sysfs.cpuSetIfExists(ROOT + "/nohz_full");
    }

    /**
     * CPUs that could ever be there; the kernel has memory set aside for each.
     *
     * @return the set
     */
    public CpuSet possible() {
        return possible;
    }

    /**
     * CPUs that are there, online or not.
     *
     * @return the set
     */
    public CpuSet present() {
        return present;
    }

    /**
     * CPUs that are switched on.
     *
     * @return the set
     */
    public CpuSet online() {
        return online;
    }

    /**
     * CPUs outside the scheduler's domains: {@code isolcpus=} and isolated cpuset partitions.
     *
     * @return the set
     */
    public CpuSet isolated() {
        return isolated;
    }

    /**
     * CPUs without a periodic tick while one task runs: {@code nohz_full=}.
     *
     * @return the set; empty where the kernel has no such CPUs
     */
    public CpuSet nohzFull() {
        return nohzFull;
    }

    /**
     * State of simultaneous multithreading.
     *
     * @return the state
     */
    public SmtState smt() {
        return SmtState.of(sysfs.files().readIfExists(ROOT + "/smt/control"));
    }

    /**
     * Reads the details of all CPUs that are online: some fifty files for each.
     *
     * @return the CPUs in ascending order
     * @throws io.vnfkit.linux.KernelFileException if a file cannot be read
     */
    public List<Cpu> cpus() {
        return online.stream().mapToObj(this::cpu).toList();
    }

    /**
     * Reads the details of a CPU.
     *
     * @param number the kernel's number
     * @return the CPU
     * @throws TopologyException if there is no such CPU, or it is offline: the kernel shows nothing of it then
     * @throws io.vnfkit.linux.KernelFileException if a file cannot be read
     */
    public Cpu cpu(int number) {
        requireOnline(number);
        String topology = topologyDirectory(number);
        return new Cpu(
                number,
                sysfs.integer(topology + "/core_id"),
                sysfs.integer(topology + "/physical_package_id"),
                sysfs.integerIfExists(topology + "/die_id"),
                sysfs.cpuSet(topology + "/thread_siblings_list"),
                sysfs.cpuSet(topology + "/core_siblings_list"),
                nodeOf(number),
                caches(number));
    }

    private void requireOnline(int number) {
        if (!present.contains(number)) {
            throw new TopologyException("CPU " + number + " does not exist; the host has " + present);
        }
        if (!online.contains(number)) {
            throw new TopologyException("CPU " + number + " is offline; " + online + " are online");
        }
    }

    static String directory(int number) {
        return ROOT + "/cpu" + number;
    }

    static String topologyDirectory(int number) {
        return directory(number) + "/topology";
    }

    private OptionalInt nodeOf(int number) {
        return sysfs.files().listIfExists(directory(number)).stream()
                .filter(name -> name.matches("node\\d+"))
                .mapToInt(name -> Integer.parseInt(name.substring("node".length())))
                .findFirst();
    }

    private List<CpuCache> caches(int number) {
        List<CpuCache> caches = new ArrayList<>();
        String directory = directory(number) + "/cache";
        for (int index = 0; sysfs.files().isDirectory(directory + "/index" + index); index++) {
            caches.add(cache(directory + "/index" + index));
        }
        return caches;
    }

    private CpuCache cache(String directory) {
        String type = sysfs.files().read(directory + "/type").toUpperCase(Locale.ROOT);
        String size = sysfs.files().read(directory + "/size");
        try {
            return new CpuCache(
                    sysfs.integer(directory + "/level"),
                    CpuCache.Type.valueOf(type),
                    Bytes.parse(size),
                    sysfs.cpuSet(directory + "/shared_cpu_list"));
        } catch (InvalidValueException | IllegalArgumentException failure) {
            throw new TopologyException(
                    directory + " describes no cache: type " + type + ", size " + size, failure);
        }
    }
}
