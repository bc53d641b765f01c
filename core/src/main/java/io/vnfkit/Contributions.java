package io.vnfkit;

import io.vnfkit.launch.step.HostStep;
import io.vnfkit.mount.Mask;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.unit.DeviceRule;
import java.nio.file.Path;

/** Where a {@link VnfFeature} puts its parts of a plan. Not thread-safe; valid only during the call that received it. */
public interface Contributions {

    /**
     * Something to be done on the host before the VNF starts, and undone after it ended.
     *
     * @param step the step
     */
    void hostStep(HostStep step);

    /**
     * A mount inside the VNF, after its own /proc, /sys and /dev are there.
     *
     * @param mount the mount
     */
    void mount(VnfMount mount);

    /**
     * Content that stands in for a file or directory of sysfs or procfs inside the VNF. All masks share one read-only tmpfs.
     *
     * @param mask the mask
     */
    void mask(Mask mask);

    /**
     * A device node that the VNF gets in its /dev, with the rule that allows it.
     *
     * @param path the host's device node, such as {@code /dev/vfio/2}; the VNF sees it under the same path
     * @param rule what the devices control group allows
     */
    void device(Path path, DeviceRule rule);

    /**
     * A variable of the VNF's environment.
     *
     * @param name its name
     * @param value its value
     */
    void environment(String name, String value);

    /**
     * An argument of the EAL, for commands that ask for {@link io.vnfkit.dpdk.EalArguments#fromGrant()}.
     *
     * @param option such as {@code --huge-dir}
     * @param value its value; empty for an option without one
     */
    void ealArgument(String option, String value);

    /**
     * A reason why the launch would fail.
     *
     * @param problem the reason
     */
    void problem(Problem problem);
}
