package io.vnfkit.examples.differential;

import io.vnfkit.Vnf;
import io.vnfkit.examples.benchmark.OciBundle;
import io.vnfkit.linux.Host;
import io.vnfkit.mount.RootFilesystem;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.security.ResourceLimit;
import io.vnfkit.testing.InsideVnf;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import java.nio.file.Path;
import java.util.List;

/**
 * What is wanted, said twice: as a description for vnfkit and as an OCI bundle.
 *
 * <p>No hugepage limit: where the controller is in version 2 and others in version 1, runc and crun cannot set one.
 *
 * @param root the root file system
 * @param configuration a directory of the host that is mounted read-only
 * @param command what is executed
 */
record Intent(Path root, Path configuration, List<String> command) {

    private static final String HOSTNAME = "differential";
    private static final String TARGET = "/opt/config";
    private static final String DIRECTORY = "/etc";
    private static final String PATH = "/usr/bin:/bin";
    private static final long SOFT = 300;
    private static final long HARD = 400;

    /** One CPU of those that this JVM may use. */
    private static CpuSet cpus() {
        String key = "Cpus_allowed_list:";
        return Host.thisHost().files().readLines("/proc/self/status").stream()
                .filter(line -> line.startsWith(key))
                .map(line -> CpuSet.of(CpuSet.parse(line.substring(key.length()).strip()).first()))
                .findFirst().orElseThrow();
    }

    Vnf vnf() {
        return InsideVnf.vnf()
                .root(RootFilesystem.directory(root))
                .namespaces(namespaces -> namespaces.hostname(HOSTNAME))
                .cgroup(cgroup -> cgroup.cpus(cpus()).memoryNodes(NodeSet.of(0)))
                .mount(VnfMount.Bind.readOnly(configuration, Path.of(TARGET)))
                .security(security -> security.resourceLimit(ResourceLimit.Kind.NOFILE, SOFT, HARD))
                .environment(environment -> environment.set("PATH", PATH).set("PURPOSE", "to be compared"))
                .workingDirectory(DIRECTORY)
                .command(command.toArray())
                .build();
    }

    OciBundle bundle(String name) {
        return OciBundle.of(root, name, command)
                .hostname(HOSTNAME)
                .cpus(cpus(), NodeSet.of(0))
                .bindReadOnly(configuration, TARGET)
                .resourceLimit("RLIMIT_NOFILE", SOFT, HARD)
                .environment(List.of("PATH=" + PATH, "PURPOSE=to be compared"))
                .workingDirectory(DIRECTORY);
    }
}
