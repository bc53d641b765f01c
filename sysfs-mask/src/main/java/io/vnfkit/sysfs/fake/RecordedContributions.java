package io.vnfkit.sysfs.fake;

import io.vnfkit.Contributions;
import io.vnfkit.Grant;
import io.vnfkit.PlanContext;
import io.vnfkit.Problem;
import io.vnfkit.Vnf;
import io.vnfkit.VnfFeature;
import io.vnfkit.launch.step.HostStep;
import io.vnfkit.linux.Host;
import io.vnfkit.mount.Mask;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.unit.DeviceRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps what a feature contributes to a plan, for unit tests of features.
 *
 * <pre>{@code
 * RecordedContributions recorded = RecordedContributions.of(SysfsMask.onlyGranted(), fake.host(),
 *     Grant.NONE.withCpus(CpuSet.parse("2-5")));
 * assertThat(recorded.problems()).isEmpty();
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public final class RecordedContributions implements Contributions {

    private final List<HostStep> hostSteps = new ArrayList<>();
    private final List<VnfMount> mounts = new ArrayList<>();
    private final List<Mask> masks = new ArrayList<>();
    private final Map<Path, DeviceRule> devices = new LinkedHashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final List<String> ealArguments = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    /** Nothing recorded yet. */
    public RecordedContributions() {}

    /**
     * Asks a feature for its part, as planning does.
     *
     * @param feature the feature
     * @param host the host to plan for
     * @param grant what the rest of the description grants
     * @return what it contributed
     */
    public static RecordedContributions of(VnfFeature feature, Host host, Grant grant) {
        RecordedContributions recorded = new RecordedContributions();
        Vnf vnf = Vnf.named("recorded").with(feature).command("true").build();
        feature.contribute(new PlanContext(vnf, host, feature.grant(grant)), recorded);
        return recorded;
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
        ealArguments.add(option);
        if (!value.isEmpty()) {
            ealArguments.add(value);
        }
    }

    @Override
    public void problem(Problem problem) {
        problems.add(problem);
    }

    /**
     * Steps on the host.
     *
     * @return an unmodifiable view in the order of the calls
     */
    public List<HostStep> hostSteps() {
        return Collections.unmodifiableList(hostSteps);
    }

    /**
     * Mounts inside the VNF.
     *
     * @return an unmodifiable view in the order of the calls
     */
    public List<VnfMount> mounts() {
        return Collections.unmodifiableList(mounts);
    }

    /**
     * Masks.
     *
     * @return an unmodifiable view in the order of the calls
     */
    public List<Mask> masks() {
        return Collections.unmodifiableList(masks);
    }

    /**
     * What a mask puts at a place.
     *
     * @param target absolute path of what is covered
     * @return its content; empty if there is no mask over that path itself
     */
    public Optional<Mask.Entry> maskOver(String target) {
        return masks.stream()
                .filter(mask -> mask.target().equals(Path.of(target)))
                .map(Mask::content)
                .findFirst();
    }

    /**
     * Device nodes and their rules.
     *
     * @return an unmodifiable view in the order of the calls
     */
    public Map<Path, DeviceRule> devices() {
        return Collections.unmodifiableMap(devices);
    }

    /**
     * Variables of the environment.
     *
     * @return an unmodifiable view in the order of the calls
     */
    public Map<String, String> environment() {
        return Collections.unmodifiableMap(environment);
    }

    /**
     * Arguments of the EAL.
     *
     * @return options and values as separate words, in the order of the calls
     */
    public List<String> ealArguments() {
        return Collections.unmodifiableList(ealArguments);
    }

    /**
     * Problems.
     *
     * @return an unmodifiable view in the order of the calls
     */
    public List<Problem> problems() {
        return Collections.unmodifiableList(problems);
    }
}
