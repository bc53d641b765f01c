package io.vnfkit.cgroup;

import io.vnfkit.VnfkitException;
import java.nio.file.Path;

/** A device program that could not be loaded, attached or replaced. */
public final class DeviceProgramException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    private final String cgroup;
    private final String verifierLog;

    DeviceProgramException(String tried, Path cgroup, String verifierLog, Throwable cause) {
        super(tried + " for " + cgroup + (cause == null ? "" : ": " + cause.getMessage())
                + (verifierLog.isEmpty() ? "" : "; the verifier says: " + verifierLog), cause);
        this.cgroup = cgroup.toString();
        this.verifierLog = verifierLog;
    }

    /**
     * The control group.
     *
     * @return its directory
     */
    public Path cgroup() {
        return Path.of(cgroup);
    }

    /**
     * Why the verifier refused the program.
     *
     * @return the log's text; empty if it was not the verifier
     */
    public String verifierLog() {
        return verifierLog;
    }
}
