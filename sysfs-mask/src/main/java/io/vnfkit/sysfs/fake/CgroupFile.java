package io.vnfkit.sysfs.fake;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.SystemCallException;
import java.nio.file.Files;
import java.util.List;

/**
 * A file of a control group that is being written. Immutable.
 *
 * @param tree the files of the host
 * @param group path of its directory, as the kernel knows it
 * @param name its name
 */
record CgroupFile(FakeTree tree, String group, String name) {

    CgroupFile sibling(String other) {
        return new CgroupFile(tree, group, other);
    }

    CgroupFile inParent(CgroupHierarchy hierarchy) {
        return new CgroupFile(tree, isRoot(hierarchy) ? group : group.substring(0, group.lastIndexOf('/')), name);
    }

    boolean isRoot(CgroupHierarchy hierarchy) {
        return group.equals(hierarchy.mountPoint());
    }

    String path() {
        return group + "/" + name;
    }

    String content() {
        return tree.read(path()).strip();
    }

    /** Lists of processes are empty without a newline, as in the kernel. */
    void set(Object value) {
        String text = value.toString();
        boolean isEmptyList = text.isEmpty() && (name.equals("tasks") || name.startsWith("cgroup."));
        tree.file(path(), isEmptyList ? "" : text + "\n");
    }

    List<String> words() {
        return tree.words(path());
    }

    void clear() {
        tree.file(path(), "");
    }

    boolean exists() {
        return Files.exists(tree.resolve(path()));
    }

    void delete() {
        tree.delete(path());
    }

    /** The file of the same name in each child group. */
    List<CgroupFile> children() {
        return tree.directoriesIn(group).stream().map(child -> new CgroupFile(tree, child, name)).toList();
    }

    long number(String value) {
        try {
            long number = Long.parseLong(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException failure) {
            throw refuse(Errno.EINVAL, value, "not a number");
        }
        throw refuse(Errno.EINVAL, value, "negative");
    }

    SystemCallException refuse(Errno errno, String value, String why) {
        return new SystemCallException("write", path() + ", \"" + value + "\"", errno.number(), why);
    }
}
