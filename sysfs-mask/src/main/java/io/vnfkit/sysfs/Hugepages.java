package io.vnfkit.sysfs;

import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.InvalidValueException;
import io.vnfkit.unit.PageSize;
import java.util.List;
import java.util.Optional;

/**
 * Huge page pools of a host. Thread-safe; reads sysfs at each call, since the counters change all the time.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/mm/hugetlbpage.html">HugeTLB Pages</a>
 */
public final class Hugepages {

    static final String ROOT = "/sys/kernel/mm/hugepages";
    static final String MEMINFO = "/proc/meminfo";
    private static final String DEFAULT_SIZE = "Hugepagesize:";

    private final SysfsReader sysfs;

    Hugepages(SysfsReader sysfs) {
        this.sysfs = sysfs;
    }

    /**
     * Page sizes that the kernel has a pool for.
     *
     * @return sizes in ascending order; empty on a kernel without huge pages
     */
    public List<PageSize> sizes() {
        return sizesIn(ROOT);
    }

    List<PageSize> sizesOnNode(int node) {
        return sizesIn(nodeDirectory(node));
    }

    private List<PageSize> sizesIn(String directory) {
        return sysfs.files().listIfExists(directory).stream()
                .filter(name -> name.startsWith("hugepages-"))
                .map(Hugepages::parseName)
                .sorted()
                .toList();
    }

    private static PageSize parseName(String name) {
        try {
            return PageSize.fromSysfsName(name);
        } catch (InvalidValueException failure) {
            throw new TopologyException("unknown directory of huge pages: " + failure.getMessage(), failure);
        }
    }

    /**
     * The size of mounts and mappings that name none.
     *
     * @return {@code Hugepagesize} of /proc/meminfo; empty on a kernel without huge pages
     */
    public Optional<PageSize> defaultSize() {
        return sysfs.files().readIfExists(MEMINFO).flatMap(meminfo -> meminfo.lines()
                .filter(line -> line.startsWith(DEFAULT_SIZE))
                .map(line -> line.substring(DEFAULT_SIZE.length()).strip().split(" ")[0])
                .map(kibibytes -> new PageSize(Bytes.kibibytes(Long.parseLong(kibibytes)).value()))
                .findFirst());
    }

    /**
     * The global counters of a page size.
     *
     * @param size the page size
     * @return its counters
     * @throws TopologyException if the kernel has no pool of that size
     */
    public HugepageCounters counters(PageSize size) {
        requireSize(size, ROOT, sizes());
        String directory = ROOT + "/" + size.sysfsName();
        return new HugepageCounters(
                sysfs.count(directory + "/nr_hugepages"),
                sysfs.count(directory + "/free_hugepages"),
                sysfs.count(directory + "/resv_hugepages"),
                sysfs.count(directory + "/surplus_hugepages"),
                sysfs.countIfExists(directory + "/nr_overcommit_hugepages"));
    }

    /**
     * The counters of a page size on a node.
     *
     * @param node the node's number
     * @param size the page size
     * @return its counters there
     * @throws TopologyException if that node has no pool of that size
     */
    public NodeHugepageCounters countersOnNode(int node, PageSize size) {
        requireSize(size, nodeDirectory(node), sizesOnNode(node));
        String directory = nodeDirectory(node) + "/" + size.sysfsName();
        return new NodeHugepageCounters(
                sysfs.count(directory + "/nr_hugepages"),
                sysfs.count(directory + "/free_hugepages"),
                sysfs.count(directory + "/surplus_hugepages"));
    }

    long freeOnNode(int node, PageSize size) {
        return sysfs.countIfExists(nodeDirectory(node) + "/" + size.sysfsName() + "/free_hugepages");
    }

    private static void requireSize(PageSize size, String directory, List<PageSize> sizes) {
        if (!sizes.contains(size)) {
            throw new TopologyException("no huge pages of " + size + " in " + directory + "; the kernel has " + sizes);
        }
    }

    static String nodeDirectory(int node) {
        return NumaTopology.directory(node) + "/hugepages";
    }
}
