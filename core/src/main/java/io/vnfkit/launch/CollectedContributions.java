package io.vnfkit.launch;

import io.vnfkit.Contributions;
import io.vnfkit.Problem;
import io.vnfkit.dpdk.EalOption;
import io.vnfkit.launch.step.HostStep;
import io.vnfkit.mount.Mask;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.unit.DeviceRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the features of a description contributed. Not thread-safe. */
final class CollectedContributions implements Contributions {

    final List<HostStep> hostSteps = new ArrayList<>();
    final List<VnfMount> mounts = new ArrayList<>();
    final List<Mask> masks = new ArrayList<>();
    final Map<Path, DeviceRule> devices = new LinkedHashMap<>();
    final Map<String, String> environment = new LinkedHashMap<>();
    final List<EalOption> ealOptions = new ArrayList<>();
    final List<Problem> problems = new ArrayList<>();

    @Override
    public void hostStep(HostStep step) {
        hostSteps.add(step);
    }

    @Override
    public void mount(VnfMount mount) {
        mounts.add(mount);
    }

    @Override
    public void mask(Mask mask) {
        masks.add(mask);
    }

    @Override
    public void device(Path path, DeviceRule rule) {
        devices.put(path, rule);
    }

    @Override
    public void environment(String name, String value) {
        environment.put(name, value);
    }

    @Override
    public void ealArgument(String option, String value) {
        ealOptions.add(new EalOption(option, value));
    }

    @Override
    public void problem(Problem problem) {
        problems.add(problem);
    }
}
