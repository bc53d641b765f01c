package io.vnfkit.examples.benchmark;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.NodeSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An OCI bundle that says the same as a description for vnfkit with its defaults: new mount, network, UTS, IPC, PID and
 * cgroup namespaces, the same mounts, masks, devices, capabilities and limits. Not thread-safe.
 *
 * <p>Without a hugepage limit. Where the controller is in version 2 and others in version 1, runc and crun cannot set
 * one: runc 1.1 says that the container could not join or create the cgroup, and crun 1.8 leaves directories behind
 * when it fails.
 *
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/main/config.md">the OCI runtime specification</a>
 */
public final class OciBundle {

    private static final Gson JSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private static final List<String> CAPABILITIES =
            List.of("CAP_DAC_OVERRIDE", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_SYS_NICE");

    private static final List<String> MASKED = List.of("/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys",
            "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list", "/proc/timer_stats",
            "/sys/firmware", "/sys/devices/virtual/powercap");

    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    /** What vnfkit allows, and what both runtimes allow in any case. */
    private static final List<String> DEVICES = List.of("c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm", "c 1:8 rwm", "c 1:9 rwm",
            "c 5:0 rwm", "c 5:2 rwm", "c 136:* rwm");

    private final Path root;
    private final String name;
    private final List<String> command;
    private final Map<String, Object> cpu = new LinkedHashMap<>();
    private final List<Map<String, Object>> resourceLimits = new ArrayList<>();
    private final List<Map<String, Object>> binds = new ArrayList<>();
    private List<String> environment = List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    private String workingDirectory = "/";
    private String hostname;

    private OciBundle(Path root, String name, List<String> command) {
        this.root = root;
        this.name = name;
        this.command = List.copyOf(command);
        this.hostname = name;
    }

    /**
     * A bundle.
     *
     * @param root the root file system
     * @param name host name of the container, and name of its control groups
     * @param command what it executes
     * @return a new bundle
     */
    public static OciBundle of(Path root, String name, List<String> command) {
        return new OciBundle(root, name, command);
    }

    /**
     * Gives the container a host name other than the name of its control groups.
     *
     * @param name the host name
     * @return this bundle
     */
    public OciBundle hostname(String name) {
        hostname = name;
        return this;
    }

    /**
     * Limits the container to CPUs and memory nodes.
     *
     * @param cpus the CPUs
     * @param nodes the nodes
     * @return this bundle
     */
    public OciBundle cpus(CpuSet cpus, NodeSet nodes) {
        cpu.put("cpus", cpus.toString());
        cpu.put("mems", nodes.toString());
        return this;
    }

    /**
     * Sets a resource limit.
     *
     * @param type such as {@code RLIMIT_NOFILE}
     * @param soft the limit
     * @param hard what the limit may be raised to
     * @return this bundle
     */
    public OciBundle resourceLimit(String type, long soft, long hard) {
        resourceLimits.add(object("type", type, "soft", soft, "hard", hard));
        return this;
    }

    /**
     * Mounts a file or directory of the host read-only.
     *
     * @param source where it lies on the host
     * @param target where the container sees it
     * @return this bundle
     */
    public OciBundle bindReadOnly(Path source, String target) {
        binds.add(mount("bind", source.toString(), target, "rbind", "ro", "nosuid", "nodev"));
        return this;
    }

    /**
     * Sets the environment.
     *
     * @param variables {@code NAME=VALUE}
     * @return this bundle
     */
    public OciBundle environment(List<String> variables) {
        environment = List.copyOf(variables);
        return this;
    }

    /**
     * Sets the working directory.
     *
     * @param directory an absolute path in the root
     * @return this bundle
     */
    public OciBundle workingDirectory(String directory) {
        workingDirectory = directory;
        return this;
    }

    /**
     * Writes {@code config.json}.
     *
     * @param bundle directory of the bundle
     * @throws IOException if it cannot be written
     */
    public void write(Path bundle) throws IOException {
        Files.writeString(bundle.resolve("config.json"), JSON.toJson(object(
                "ociVersion", "1.0.2",
                "root", object("path", root.toString(), "readonly", false),
                "hostname", hostname,
                "process", process(),
                "mounts", mounts(),
                "linux", linux())));
    }

    private Map<String, Object> process() {
        return object(
                "terminal", false,
                "user", object("uid", 0, "gid", 0),
                "args", command,
                "env", environment,
                "cwd", workingDirectory,
                "noNewPrivileges", true,
                "rlimits", resourceLimits,
                "capabilities", object("bounding", CAPABILITIES, "effective", CAPABILITIES, "permitted", CAPABILITIES));
    }

    private List<Map<String, Object>> mounts() {
        List<Map<String, Object>> mounts = new ArrayList<>(List.of(
                mount("proc", "proc", "/proc", "nosuid", "nodev", "noexec"),
                mount("sysfs", "sysfs", "/sys", "nosuid", "nodev", "noexec", "ro"),
                mount("tmpfs", "dev", "/dev", "nosuid", "noexec", "mode=0755"),
                mount("devpts", "devpts", "/dev/pts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620",
                        "gid=5"),
                mount("tmpfs", "shm", "/dev/shm", "nosuid", "nodev", "noexec", "mode=1777", "size=67108864"),
                mount("mqueue", "mqueue", "/dev/mqueue", "nosuid", "nodev", "noexec"),
                mount("tmpfs", "tmpfs", "/run", "nosuid", "nodev", "mode=0755", "size=67108864"),
                mount("tmpfs", "tmpfs", "/tmp", "nosuid", "nodev", "mode=1777", "size=268435456")));
        mounts.addAll(binds);
        return mounts;
    }

    private static Map<String, Object> mount(String type, String source, String destination, String... options) {
        return object("destination", destination, "type", type, "source", source, "options", List.of(options));
    }

    private Map<String, Object> linux() {
        List<Map<String, Object>> namespaces = List.of("mount", "network", "uts", "ipc", "pid", "cgroup").stream()
                .map(type -> object("type", type)).toList();
        return object(
                "namespaces", namespaces,
                // Not below a group of its own: both would leave that behind in every hierarchy.
                "cgroupsPath", "/" + name,
                "resources", object("cpu", cpu, "devices", devices()),
                "maskedPaths", MASKED,
                "readonlyPaths", READ_ONLY);
    }

    private static List<Map<String, Object>> devices() {
        List<Map<String, Object>> rules = new ArrayList<>(List.of(object("allow", false, "access", "rwm")));
        for (String text : DEVICES) {
            DeviceRule rule = DeviceRule.parse(text);
            Map<String, Object> entry = object("allow", true, "type", "c", "access", "rwm");
            rule.major().ifPresent(major -> entry.put("major", major));
            rule.minor().ifPresent(minor -> entry.put("minor", minor));
            rules.add(entry);
        }
        return rules;
    }

    private static Map<String, Object> object(Object... keysAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return object;
    }
}
