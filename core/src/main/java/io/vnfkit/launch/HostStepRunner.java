package io.vnfkit.launch;

import io.vnfkit.cgroup.CgroupSteps;
import io.vnfkit.launch.step.HostStep;
import io.vnfkit.launch.step.HostStep.CgroupStep;
import io.vnfkit.launch.step.HostStep.MountSharedVolume;
import io.vnfkit.linux.Host;
import java.util.ArrayDeque;
import java.util.Deque;

/** Takes the host steps of one VNF, remembers which were taken, and undoes them in reverse order. Not thread-safe. */
final class HostStepRunner {

    private final CgroupSteps cgroups;
    private final SharedVolumes volumes;
    private final String name;
    private final Deque<HostStep> taken = new ArrayDeque<>();

    HostStepRunner(Host host, SharedVolumes volumes, String name) {
        this.cgroups = CgroupSteps.on(host);
        this.volumes = volumes;
        this.name = name;
    }

    void take(HostStep step) {
        if (step instanceof CgroupStep cgroupStep) {
            cgroups.apply(cgroupStep);
        } else if (step instanceof MountSharedVolume volume) {
            volumes.mount(volume);
        } else {
            throw new IllegalStateException("nobody takes the step " + step);
        }
        taken.push(step);
    }

    /**
     * Undoes what was taken, as far as it goes.
     *
     * @param failure gets what could not be undone, as suppressed exceptions
     * @return true if everything was undone
     */
    boolean undo(Throwable failure) {
        boolean undone = true;
        while (!taken.isEmpty()) {
            try {
                undo(taken.pop());
            } catch (RuntimeException second) {
                failure.addSuppressed(second);
                undone = false;
            }
        }
        return undone;
    }

    private void undo(HostStep step) {
        if (step instanceof CgroupStep cgroupStep) {
            cgroups.undo(cgroupStep);
        } else if (step instanceof MountSharedVolume volume) {
            volumes.release(volume.target(), name);
        }
    }
}
