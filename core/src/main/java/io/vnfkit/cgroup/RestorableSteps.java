package io.vnfkit.cgroup;

import io.vnfkit.VnfkitException;
import io.vnfkit.launch.step.HostStep.CgroupStep;
import io.vnfkit.launch.step.HostStep.WriteAndVerifyCgroupFile;
import io.vnfkit.launch.step.HostStep.WriteCgroupFile;
import io.vnfkit.linux.Host;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Takes steps on groups in use. When one fails, the files written before get their old values back. */
final class RestorableSteps {

    private final Host host;
    private final CgroupSteps steps;

    RestorableSteps(Host host) {
        this.host = host;
        this.steps = CgroupSteps.on(host);
    }

    void apply(List<CgroupStep> wanted) {
        Deque<WriteCgroupFile> undo = new ArrayDeque<>();
        try {
            for (CgroupStep step : wanted) {
                remember(step, undo);
                steps.apply(step);
            }
        } catch (VnfkitException failure) {
            restore(undo, failure);
            throw failure;
        }
    }

    private void remember(CgroupStep step, Deque<WriteCgroupFile> undo) {
        if (step instanceof WriteAndVerifyCgroupFile write) {
            remember(write.file(), undo);
        } else if (step instanceof WriteCgroupFile write) {
            String name = write.file().getFileName().toString();
            boolean allow = name.equals("devices.allow");
            if (allow || name.equals("devices.deny")) {
                rememberDevice(write, allow, undo);
            } else {
                remember(write.file(), undo);
            }
        }
    }

    /** The opposite of a rule, unless the rule forgets all others: that cannot be taken back rule by rule. */
    private static void rememberDevice(WriteCgroupFile write, boolean allow, Deque<WriteCgroupFile> undo) {
        if (!write.value().startsWith("a")) {
            String opposite = allow ? "devices.deny" : "devices.allow";
            undo.push(new WriteCgroupFile(write.file().resolveSibling(opposite), write.value()));
        }
    }

    private void remember(Path file, Deque<WriteCgroupFile> undo) {
        host.files().readIfExists(file.toString()).ifPresent(value -> {
            // "isolated invalid (reason)": the kernel shows more than it reads.
            String word = file.endsWith("cpuset.cpus.partition") ? value.split(" ")[0] : value;
            undo.push(new WriteCgroupFile(file, word));
        });
    }

    private void restore(Deque<WriteCgroupFile> undo, VnfkitException failure) {
        for (WriteCgroupFile write : undo) {
            try {
                steps.apply(write);
            } catch (VnfkitException secondFailure) {
                failure.addSuppressed(secondFailure);
            }
        }
    }
}
