package io.vnfkit.launch;

import java.util.Optional;

/** Which VNFs run on the host, for descriptions that join namespaces of another VNF. */
interface RunningVnfs {

    /** The process id of a running VNF as the JVM sees it. */
    Optional<Long> pidOf(String name);
}
