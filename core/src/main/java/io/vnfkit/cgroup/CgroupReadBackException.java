package io.vnfkit.cgroup;

import io.vnfkit.VnfkitException;
import java.nio.file.Path;

/** A value that the kernel took but did not put into force, such as a partition that it marked invalid. */
public final class CgroupReadBackException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    private final String file;
    private final String written;
    private final String observed;

    CgroupReadBackException(Path file, String written, Path readBack, String observed) {
        super("wrote \"" + written + "\" to " + file + ", but "
                + (file.equals(readBack) ? "it" : readBack.getFileName())
                + " reads \"" + observed + "\": " + hint(observed));
        this.file = file.toString();
        this.written = written;
        this.observed = observed;
    }

    private static String hint(String observed) {
        return observed.contains("invalid")
                ? "the reason is in parentheses; another group may hold the CPUs, or the parent group lacks them"
                : "what is missing is offline, in no parent group, or taken by a partition beside it";
    }

    /**
     * The file that was written.
     *
     * @return its path
     */
    public Path file() {
        return Path.of(file);
    }

    /**
     * What was asked for.
     *
     * @return the value
     */
    public String written() {
        return written;
    }

    /**
     * What the kernel made of it.
     *
     * @return the value, such as {@code isolated invalid (Parent is not a partition root)}
     */
    public String observed() {
        return observed;
    }
}
