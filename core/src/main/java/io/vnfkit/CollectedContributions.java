package io.vnfkit;

import io.vnfkit.cgroup.HugetlbLimit;
import io.vnfkit.dpdk.EalOption;
import io.vnfkit.launch.step.HostStep;
import io.vnfkit.linux.Host;
import io.vnfkit.mount.Mask;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the features of a description contribute to a plan. Planning collects it this way, and so do unit tests of
 * features, of one's own too:
 *
 * <pre>{@code
 * CollectedContributions collected = CollectedContributions.of(SysfsMask.onlyGranted(), fake.host(),
 *     Grant.NONE.withCpus(CpuSet.parse("2-5")));
 * assertThat(collected.problems()).isEmpty();
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public final class CollectedContributions implements Contributions {

    private final Grant grant;
    private final List<HostStep> hostSteps = new ArrayList<>();
    private final List<VnfMount> mounts = new ArrayList<>();
    private final List<Mask> masks = new ArrayList<>();
    private final Map<Path, DeviceRule> devices = new LinkedHashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final List<EalOption> ealOptions = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private CollectedContributions(Grant grant) {
        this.grant = grant;
    }

    /**
     * Asks all features of a description for their parts: first for what they grant, then for what they contribute.
     * Reads the host, and needs no more rights than that.
     *
     * @param vnf the description
     * @param host the host to plan for
     * @return what they contributed
     */
    public static CollectedContributions of(Vnf vnf, Host host) {
        return of(vnf, host, grantedByControlGroups(vnf));
    }

    /**
     * Asks one feature for its part, beside a grant that stands for the rest of a description.
     *
     * @param feature the feature
     * @param host the host to plan for
     * @param granted what the rest of the description grants
     * @return what it contributed
     */
    public static CollectedContributions of(VnfFeature feature, Host host, Grant granted) {
        return of(Vnf.named("feature").with(feature).command("true").build(), host, granted);
    }

    private static CollectedContributions of(Vnf vnf, Host host, Grant granted) {
        Grant grant = granted;
        for (VnfFeature feature : vnf.features()) {
            grant = feature.grant(grant);
        }
        PlanContext context = new PlanContext(vnf, host, grant);
        CollectedContributions collected = new CollectedContributions(grant);
        vnf.features().forEach(feature -> feature.contribute(context, collected));
        return collected;
    }

    private static Grant grantedByControlGroups(Vnf vnf) {
        Grant grant = Grant.NONE.withCpus(vnf.cgroup().cpus()).withMemoryNodes(vnf.cgroup().memoryNodes());
        for (Map.Entry<PageSize, HugetlbLimit> limit : vnf.cgroup().hugetlb().entrySet()) {
            Optional<Bytes> lowest = limit.getValue().lowest();
            grant = lowest.isPresent() ? grant.withHugepages(limit.getKey(), lowest.get()) : grant;
        }
        return grant;
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
        ealOptions.add(new EalOption(option, value));
    }

    @Override
    public void problem(Problem problem) {
        problems.add(problem);
    }

    /**
     * What all parts of the description grant together.
     *
     * @return the grant that the features were shown
     */
    public Grant grant() {
        return grant;
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
     * Options of the EAL.
     *
     * @return an unmodifiable view in the order of the calls
     */
    public List<EalOption> ealOptions() {
        return Collections.unmodifiableList(ealOptions);
    }

    /**
     * Options of the EAL as they stand in a command line.
     *
     * @return the words of all options, in the order of the calls
     */
    public List<String> ealWords() {
        return ealOptions.stream().flatMap(option -> option.words().stream()).toList();
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
