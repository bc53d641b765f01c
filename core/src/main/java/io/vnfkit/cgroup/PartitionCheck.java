package io.vnfkit.cgroup;

import io.vnfkit.linux.KernelFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells whether the kernel can make a version 2 group a cpuset partition where it lies. Before Linux 6.7 a partition's
 * parent must be one itself. Since then it need only hand the CPUs on ({@code cpuset.cpus.exclusive}).
 *
 * <p>Making the parent a partition for this would take the CPUs that it does not get from all other VNFs below it, so
 * it is left to who knows them.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset-interface-files">cgroup v2, "Cpuset Interface
 *     Files": local and remote partitions</a>
 */
final class PartitionCheck {

    private static final String RELEASE = "/proc/sys/kernel/osrelease";
    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*", Pattern.DOTALL);

    private final PlanDraft draft;
    private final GroupDraft group;
    private final KernelFiles files;

    PartitionCheck(PlanDraft draft, GroupDraft group) {
        this.draft = draft;
        this.group = group;
        this.files = draft.files();
    }

    void check() {
        List<Path> ancestors = group.ancestors();
        Path parent = ancestors.get(ancestors.size() - 1);
        if (isPartition(parent) || knowsRemotePartitions()) {
            return;
        }
        draft.problem("cgroup.partition", "the parent group " + parent + " is no cpuset partition, and this kernel"
                        + files.readIfExists(RELEASE).map(release -> " (" + release + ")").orElse("")
                        + " makes partitions only directly below one",
                "put the VNF's group directly below the root, which is a partition: parent(Path.of(\"\")); or name a"
                        + " parent that is one (write its CPUs to cpuset.cpus, then root to cpuset.cpus.partition); or"
                        + " use Linux 6.7 or later");
    }

    /** The root of the hierarchy always is one, and has no file that says so. */
    private boolean isPartition(Path directory) {
        boolean isRoot = directory.equals(group.hierarchy().mountPoint())
                && !files.exists(directory.resolve("cpuset.cpus.partition").toString());
        return isRoot || new CpusetPartition(files, directory).isValid();
    }

    /** The files come first: distributions bring new features to old kernels. */
    private boolean knowsRemotePartitions() {
        Optional<Path> withCpuset = group.existingAncestors().stream()
                .filter(ancestor -> files.exists(ancestor.resolve("cpuset.cpus").toString())).findFirst();
        if (withCpuset.isPresent()) {
            return files.exists(withCpuset.get().resolve("cpuset.cpus.exclusive").toString());
        }
        // In the root only, since Linux 6.8.
        return files.exists(group.hierarchy().mountPoint().resolve("cpuset.cpus.isolated").toString())
                || files.readIfExists(RELEASE).map(PartitionCheck::isNewEnough).orElse(true);
    }

    /** What cannot be read is left to the kernel. */
    private static boolean isNewEnough(String release) {
        Matcher version = VERSION.matcher(release);
        if (!version.matches()) {
            return true;
        }
        int major = Integer.parseInt(version.group(1));
        return major > 6 || major == 6 && Integer.parseInt(version.group(2)) >= 7;
    }
}
