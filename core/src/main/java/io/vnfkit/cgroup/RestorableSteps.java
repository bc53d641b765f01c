package io.vnfkit.cgroup;

import io.vnfkit.VnfkitException;
import io.vnfkit.launch.step.HostStep.CgroupStep;
import io.vnfkit.launch.step.HostStep.MakePartition;
import io.vnfkit.launch.step.HostStep.ReleaseExclusiveCpus;
import io.vnfkit.launch.step.HostStep.ReserveExclusiveCpus;
import io.vnfkit.launch.step.HostStep.WriteAndVerifyCgroupFile;
import io.vnfkit.launch.step.HostStep.WriteCgroupFile;
import io.vnfkit.linux.Host;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Takes steps on groups in use. When one fails, the files written before get their old values back. */
final class RestorableSteps {

    private static final String PARTITION = "cpuset.cpus.partition";

    private final Host host;
    private final CgroupSteps steps;

    RestorableSteps(Host host) {
        this.host = host;
        this.steps = CgroupSteps.on(host);
    }

    void apply(List<CgroupStep> wanted) {
        Deque<CgroupStep> undo = new ArrayDeque<>();
        try {
            for (CgroupStep step : wanted) {
                opposite(step).ifPresent(undo::push);
                steps.apply(step);
            }
        } catch (VnfkitException failure) {
            restore(undo, failure);
            throw failure;
        }
    }

    /** What leads back to where things are now. */
    private Optional<CgroupStep> opposite(CgroupStep step) {
        if (step instanceof ReserveExclusiveCpus reserve) {
            return Optional.of(new ReleaseExclusiveCpus(reserve.directory(), reserve.cpus()));
        }
        if (step instanceof ReleaseExclusiveCpus release) {
            return Optional.of(new ReserveExclusiveCpus(release.directory(), release.cpus()));
        }
        if (step instanceof MakePartition partition) {
            return present(partition.directory().resolve(PARTITION));
        }
        if (step instanceof WriteAndVerifyCgroupFile write) {
            return present(write.file());
        }
        if (step instanceof WriteCgroupFile write) {
            boolean list = write.file().endsWith("devices.allow") || write.file().endsWith("devices.deny");
            return list ? oppositeRule(write) : present(write.file());
        }
        return Optional.empty();
    }

    /** The opposite of a rule, unless the rule forgets all others: that cannot be taken back rule by rule. */
    private static Optional<CgroupStep> oppositeRule(WriteCgroupFile write) {
        if (write.value().startsWith("a")) {
            return Optional.empty();
        }
        String opposite = write.file().endsWith("devices.allow") ? "devices.deny" : "devices.allow";
        return Optional.of(new WriteCgroupFile(write.file().resolveSibling(opposite), write.value()));
    }

    private Optional<CgroupStep> present(Path file) {
        return host.files().readIfExists(file.toString()).map(value -> {
            // "isolated invalid (reason)": the kernel shows more than it reads.
            String word = file.endsWith(PARTITION) ? value.split(" ")[0] : value;
            return new WriteCgroupFile(file, word);
        });
    }

    private void restore(Deque<CgroupStep> undo, VnfkitException failure) {
        for (CgroupStep step : undo) {
            try {
                steps.apply(step);
            } catch (VnfkitException secondFailure) {
                failure.addSuppressed(secondFailure);
            }
        }
    }
}
