package io.vnfkit.sysfs.fake;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.SystemCallException;
import io.vnfkit.unit.PageSize;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files of a fake host that do something when they are written: control groups and pools of huge pages. Guarded by the
 * kernel.
 */
final class FakeControlFiles {

    private static final Pattern POOL = Pattern.compile(
            "(?:/sys/kernel/mm/hugepages|/sys/devices/system/node/node(\\d+)/hugepages)/(hugepages-\\d+kB)/(\\w+)");

    private final FakeTree tree;
    private final FakePools pools;
    private final FakeCgroupTree cgroups;

    FakeControlFiles(FakeTree tree, FakePools pools, FakeCgroupTree cgroups) {
        this.tree = tree;
        this.pools = pools;
        this.cgroups = cgroups;
    }

    boolean isControl(String path) {
        return cgroups.hierarchyOf(path).isPresent() || isPool(path);
    }

    private static boolean isPool(String path) {
        return path.equals(FakePools.VM_PAGES) || POOL.matcher(path).matches();
    }

    boolean isWritable(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (cgroups.hierarchyOf(path).isPresent()) {
            return CgroupDefaults.isWritable(name);
        }
        return !isPool(path) || name.startsWith("nr_");
    }

    boolean mkdir(String path) {
        Optional<CgroupHierarchy> hierarchy = cgroups.hierarchyOf(path);
        hierarchy.ifPresent(found -> cgroups.mkdir(found, path));
        return hierarchy.isPresent();
    }

    boolean rmdir(String path) {
        Optional<CgroupHierarchy> hierarchy = cgroups.hierarchyOf(path);
        hierarchy.ifPresent(found -> cgroups.rmdir(found, path));
        return hierarchy.isPresent();
    }

    void write(String path, String text) {
        Optional<CgroupHierarchy> hierarchy = cgroups.hierarchyOf(path);
        if (hierarchy.isPresent()) {
            cgroups.write(hierarchy.get(), path, text);
        } else {
            writePool(path, text.strip());
        }
    }

    private void writePool(String path, String value) {
        long pages = number(path, value);
        Matcher matcher = POOL.matcher(path);
        if (!matcher.matches()) {
            pools.setTotal(pools.vmSize(), pages);
        } else if (matcher.group(3).equals("nr_overcommit_hugepages")) {
            tree.value(path, pages);
            return;
        } else {
            PageSize size = PageSize.fromSysfsName(matcher.group(2));
            if (matcher.group(1) == null) {
                pools.setTotal(size, pages);
            } else {
                pools.set(Integer.parseInt(matcher.group(1)), size, pages);
            }
        }
        pools.write();
    }

    private static long number(String path, String value) {
        try {
            return Long.parseUnsignedLong(value);
        } catch (NumberFormatException failure) {
            throw new SystemCallException("write", path + ", \"" + value + "\"", Errno.EINVAL.number(), "not a number");
        }
    }
}
