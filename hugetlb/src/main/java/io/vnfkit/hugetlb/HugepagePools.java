package io.vnfkit.hugetlb;

import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFileException;
import io.vnfkit.linux.KernelFileException.Operation;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.unit.PageSize;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The huge pages of a host: how many there are, and how to get more.
 *
 * <p>Reading needs no privilege. Changing a pool needs root. The kernel takes the size that a pool should have, not a
 * difference, so two processes that change one pool at the same time can undo each other's work; within one JVM changes
 * are made one after the other. Thread-safe.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/mm/hugetlbpage.html">HugeTLB Pages</a>
 */
public final class HugepagePools {

    private static final String POOLS = "/sys/kernel/mm/hugepages";
    private static final String NODES = "/sys/devices/system/node";
    private static final String COMPACT = "/proc/sys/vm/compact_memory";
    private static final Object CHANGE = new Object();

    private final KernelFiles files;

    private HugepagePools(KernelFiles files) {
        this.files = files;
    }

    /**
     * The pools of a host. Nothing is read yet.
     *
     * @param host the host
     * @return its pools
     */
    public static HugepagePools of(Host host) {
        return of(host.files());
    }

    static HugepagePools of(KernelFiles files) {
        return new HugepagePools(files);
    }

    /**
     * The page sizes of the host.
     *
     * @return sizes in ascending order; empty where the kernel has no hugetlb
     */
    public List<PageSize> pageSizes() {
        return files.listIfExists(POOLS).stream().map(PageSize::fromSysfsName).sorted().toList();
    }

    /**
     * Reads one pool.
     *
     * @param pageSize size of its pages
     * @return a snapshot
     * @throws UnsupportedPageSizeException if the host has no such pages
     */
    public HugepagePool pool(PageSize pageSize) {
        String directory = POOLS + "/" + pageSize.sysfsName();
        if (!files.isDirectory(directory)) {
            throw new UnsupportedPageSizeException(pageSize, pageSizes());
        }
        long total = count(directory, "nr_hugepages");
        long free = count(directory, "free_hugepages");
        long surplus = count(directory, "surplus_hugepages");
        return new HugepagePool(pageSize, total, free, count(directory, "resv_hugepages"), surplus,
                count(directory, "nr_overcommit_hugepages"), nodes(pageSize, new NodePool(0, total, free, surplus)));
    }

    /**
     * Reads all pools.
     *
     * @return a snapshot per page size
     */
    public SortedMap<PageSize, HugepagePool> all() {
        SortedMap<PageSize, HugepagePool> pools = new TreeMap<>();
        pageSizes().forEach(pageSize -> pools.put(pageSize, pool(pageSize)));
        return pools;
    }

    private SortedMap<Integer, NodePool> nodes(PageSize pageSize, NodePool whole) {
        SortedMap<Integer, NodePool> nodes = new TreeMap<>();
        for (String name : files.listIfExists(NODES)) {
            if (name.matches("node[0-9]{1,4}")) {
                int node = Integer.parseInt(name.substring(4));
                String directory = nodeDirectory(node, pageSize);
                if (files.isDirectory(directory)) {
                    nodes.put(node, nodePool(node, directory));
                }
            }
        }
        if (nodes.isEmpty()) {
            nodes.put(0, whole);
        }
        return nodes;
    }

    private NodePool nodePool(int node, String directory) {
        return new NodePool(node, count(directory, "nr_hugepages"), count(directory, "free_hugepages"),
                count(directory, "surplus_hugepages"));
    }

    private static String nodeDirectory(int node, PageSize pageSize) {
        return NODES + "/node" + node + "/hugepages/" + pageSize.sysfsName();
    }

    private long count(String directory, String file) {
        return Long.parseLong(files.read(directory + "/" + file));
    }

    /**
     * Adds pages to a node's pool, with one write and no compaction.
     *
     * @param pageSize size of the pages
     * @param node the NUMA node
     * @param pages how many more
     * @return how many the kernel gave; see {@link Reservation#orThrow}
     * @throws UnsupportedPageSizeException if the host has no such pages
     * @throws UnknownNodeException if there is no such pool on the node
     * @throws io.vnfkit.linux.KernelFileException if the kernel refuses the write, for instance to others than root
     */
    public Reservation reserve(PageSize pageSize, int node, long pages) {
        return reserve(pageSize, node, pages, Compaction.NEVER);
    }

    /**
     * Adds pages to a node's pool.
     *
     * @param pageSize size of the pages
     * @param node the NUMA node
     * @param pages how many more
     * @param compaction what to do when the kernel gives fewer
     * @return how many the kernel gave; see {@link Reservation#orThrow}
     * @throws UnsupportedPageSizeException if the host has no such pages
     * @throws UnknownNodeException if there is no such pool on the node
     * @throws io.vnfkit.linux.KernelFileException if the kernel refuses the write, for instance to others than root
     */
    public Reservation reserve(PageSize pageSize, int node, long pages, Compaction compaction) {
        requireCount(pages);
        synchronized (CHANGE) {
            NodePool before = node(pool(pageSize), node);
            return change(pageSize, before, before.persistent() + pages, compaction);
        }
    }

    /**
     * Takes pages from a node's pool, but never pages in use or promised to somebody: asked for those, the kernel would
     * make them surplus pages, which it takes from the host when their owner frees them.
     *
     * @param pageSize size of the pages
     * @param node the NUMA node
     * @param pages how many fewer
     * @return how many the kernel took
     * @throws UnsupportedPageSizeException if the host has no such pages
     * @throws UnknownNodeException if there is no such pool on the node
     * @throws io.vnfkit.linux.KernelFileException if the kernel refuses the write, for instance to others than root
     */
    public Reservation release(PageSize pageSize, int node, long pages) {
        requireCount(pages);
        synchronized (CHANGE) {
            HugepagePool pool = pool(pageSize);
            NodePool before = node(pool, node);
            return shrink(pool, before, Math.max(0, before.persistent() - pages));
        }
    }

    /**
     * Gives a node's pool a size. A smaller size than now takes away only pages that {@link #release} would.
     *
     * @param pageSize size of the pages
     * @param node the NUMA node
     * @param pages how many the pool shall have
     * @param compaction what to do when the kernel gives fewer than wanted
     * @return what became of it
     * @throws UnsupportedPageSizeException if the host has no such pages
     * @throws UnknownNodeException if there is no such pool on the node
     * @throws io.vnfkit.linux.KernelFileException if the kernel refuses the write, for instance to others than root
     */
    public Reservation resize(PageSize pageSize, int node, long pages, Compaction compaction) {
        requireCount(pages);
        synchronized (CHANGE) {
            HugepagePool pool = pool(pageSize);
            NodePool before = node(pool, node);
            return pages < before.persistent() ? shrink(pool, before, pages)
                    : change(pageSize, before, pages, compaction);
        }
    }

    private Reservation shrink(HugepagePool pool, NodePool before, long requested) {
        long releasable = Math.min(before.free(), pool.unreserved());
        long least = Math.max(0, before.persistent() - releasable);
        Reservation done = change(pool.pageSize(), before, Math.max(requested, least), Compaction.NEVER);
        return new Reservation(pool.pageSize(), before.node(), requested, before.persistent(), done.after());
    }

    private Reservation change(PageSize pageSize, NodePool before, long requested, Compaction compaction) {
        long after = before.persistent();
        if (requested != after) {
            after = write(pageSize, before.node(), requested);
        }
        if (after < requested && compaction == Compaction.WHEN_SHORT) {
            writeAsRoot(COMPACT, "1");
            after = write(pageSize, before.node(), requested);
        }
        return new Reservation(pageSize, before.node(), requested, before.persistent(), after);
    }

    private long write(PageSize pageSize, int node, long pages) {
        // The kernel reads the number as the persistent pages of the node, although it shows surplus pages in the same
        // file (__nr_hugepages_store_common in mm/hugetlb.c).
        String directory = nodeDirectory(node, pageSize);
        String file = (files.isDirectory(directory) ? directory : POOLS + "/" + pageSize.sysfsName()) + "/nr_hugepages";
        writeAsRoot(file, Long.toString(pages));
        return node(pool(pageSize), node).persistent();
    }

    private void writeAsRoot(String file, String value) {
        try {
            files.write(file, value);
        } catch (KernelFileException failure) {
            String hint = switch (failure.errno()) {
                case EACCES, EPERM -> "only root may change the pools of huge pages";
                case EROFS -> "sysfs is mounted read-only here, as in a container: change pools on the host";
                case EINVAL -> "this kernel makes such pages at boot only: say hugepagesz= and hugepages= to it";
                default -> failure.hint();
            };
            throw new KernelFileException(Operation.WRITE, failure.path(), value, failure.number(), hint);
        }
    }

    private static NodePool node(HugepagePool pool, int node) {
        NodePool found = pool.nodes().get(node);
        if (found == null) {
            throw new UnknownNodeException(node, pool.nodeNumbers());
        }
        return found;
    }

    private static void requireCount(long pages) {
        if (pages < 0) {
            throw new IllegalArgumentException("a number of pages is not negative: " + pages);
        }
    }
}
