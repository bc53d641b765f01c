package io.vnfkit.hugetlb;

import io.vnfkit.VnfkitException;
import java.nio.file.Path;

/** A path that should lie on hugetlbfs and does not. */
public final class NotHugetlbfsException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    private final String path;

    /**
     * Creates the exception.
     *
     * @param path the path
     * @param type magic number of the file system found there
     */
    public NotHugetlbfsException(Path path, long type) {
        super(path + " is not on hugetlbfs but on a file system of type 0x" + Long.toHexString(type)
                + " (statfs(2)): mount hugetlbfs there first");
        this.path = path.toString();
    }

    /**
     * The path.
     *
     * @return as it was given
     */
    public Path path() {
        return Path.of(path);
    }
}
