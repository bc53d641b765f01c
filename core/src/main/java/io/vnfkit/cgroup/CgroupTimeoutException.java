package io.vnfkit.cgroup;

import io.vnfkit.VnfkitException;
import java.nio.file.Path;
import java.time.Duration;

/** A control group that did not get into the state asked for in time. */
public final class CgroupTimeoutException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    private final String cgroup;

    CgroupTimeoutException(String tried, Path cgroup, Duration limit, String observed, Throwable cause) {
        super(tried + " " + cgroup + " was not done within " + limit.toMillis() + " ms: " + observed, cause);
        this.cgroup = cgroup.toString();
    }

    /**
     * The control group.
     *
     * @return its directory
     */
    public Path cgroup() {
        return Path.of(cgroup);
    }
}
