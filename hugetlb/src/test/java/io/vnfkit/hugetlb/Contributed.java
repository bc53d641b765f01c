package io.vnfkit.hugetlb;

import io.vnfkit.Contributions;
import io.vnfkit.Grant;
import io.vnfkit.PlanContext;
import io.vnfkit.Problem;
import io.vnfkit.Vnf;
import io.vnfkit.VnfFeature;
import io.vnfkit.dpdk.EalOption;
import io.vnfkit.launch.step.HostStep;
import io.vnfkit.linux.Host;
import io.vnfkit.mount.Mask;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.unit.DeviceRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the features of a description contribute to a plan, collected the way planning does it. */
final class Contributed implements Contributions {

    private final List<HostStep> hostSteps = new ArrayList<>();
    private final List<VnfMount> mounts = new ArrayList<>();
    private final List<EalOption> ealArguments = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Grant grant;

    private Contributed(Grant grant) {
        this.grant = grant;
    }

    static Contributed by(Vnf vnf, Host host) {
        Grant grant = Grant.NONE.withCpus(vnf.cgroup().cpus()).withMemoryNodes(vnf.cgroup().memoryNodes());
        for (VnfFeature feature : vnf.features()) {
            grant = feature.grant(grant);
        }
        Contributed contributed = new Contributed(grant);
        for (VnfFeature feature : vnf.features()) {
            feature.contribute(new PlanContext(vnf, host, grant), contributed);
        }
        return contributed;
    }

    Grant grant() {
        return grant;
    }

    List<HostStep> hostSteps() {
        return hostSteps;
    }

    List<VnfMount> mounts() {
        return mounts;
    }

    List<EalOption> ealArguments() {
        return ealArguments;
    }

    List<String> ealWords() {
        return ealArguments.stream().flatMap(argument -> argument.words().stream()).toList();
    }

    List<Problem> problems() {
        return problems;
    }

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
        throw new IllegalStateException("a volume masks nothing: " + mask);
    }

    @Override
    public void device(Path path, DeviceRule rule) {
        throw new IllegalStateException("a volume has no devices: " + path);
    }

    @Override
    public void environment(String name, String value) {
        throw new IllegalStateException("a volume sets no variables: " + name);
    }

    @Override
    public void ealArgument(String option, String value) {
        ealArguments.add(new EalOption(option, value));
    }

    @Override
    public void problem(Problem problem) {
        problems.add(problem);
    }
}
