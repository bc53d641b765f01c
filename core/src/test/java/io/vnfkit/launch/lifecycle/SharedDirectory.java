package io.vnfkit.launch.lifecycle;

import io.vnfkit.Contributions;
import io.vnfkit.PlanContext;
import io.vnfkit.VnfFeature;
import io.vnfkit.launch.step.HostStep;
import io.vnfkit.mount.VnfMount;
import java.nio.file.Path;

/**
 * A feature of these tests: a file system that all VNFs share that name it.
 *
 * @param name the volume's name
 * @param type type of the file system
 * @param options its options
 * @param target where the VNFs see it
 */
record SharedDirectory(String name, String type, String options, String target) implements VnfFeature {

    static SharedDirectory tmpfs(String name) {
        return new SharedDirectory(name, "tmpfs", "size=1048576", "/run/shared");
    }

    Path onHost() {
        return Path.of("/run/vnfkit/volumes", name);
    }

    @Override
    public void contribute(PlanContext context, Contributions contributions) {
        contributions.hostStep(new HostStep.MountSharedVolume(type, onHost(), options));
        contributions.mount(VnfMount.Bind.readWrite(onHost(), Path.of(target)));
    }
}
