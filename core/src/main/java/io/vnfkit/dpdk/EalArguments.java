package io.vnfkit.dpdk;

import io.vnfkit.CommandArgument;
import io.vnfkit.Grant;
import io.vnfkit.Problem;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.PciAddress;
import java.util.List;
import java.util.Objects;

/**
 * Arguments of the EAL, which stand in a command for what planning makes of them: options given here, options
 * contributed by the features of the description, and those that follow from the grant.
 *
 * <p><b>Lcores.</b> The CPUs granted become lcores 0 to n-1 with {@code --lcores}, in ascending order; lcore 0 is the
 * main lcore. A VNF's own configuration (port to lcore maps, core masks of testpmd) thus holds on any set of CPUs of
 * this size, and CPUs above RTE_MAX_LCORE (128 in most builds), which {@code -l} cannot name, are used as well. Where
 * no CPUs are granted, the EAL takes those of its affinity.
 *
 * <p><b>Control threads.</b> The EAL runs its interrupt, telemetry and multi-process threads on the CPUs of its
 * affinity that no lcore has, or on the main lcore's CPU where none is left. They never run on a worker's CPU, and the
 * main lcore of most programs does not forward; so by default every CPU becomes an lcore. A program whose main lcore
 * polls, as l3fwd's does, wants {@link #controlCpu}.
 *
 * <p><b>Devices.</b> The PCI devices granted become {@code -a} options. Without any, {@code --no-pci} keeps the EAL
 * from looking at the host's.
 *
 * <p><b>Precedence.</b> What is given here wins over what a feature contributes, which wins over the grant, also where
 * an option has another name for the same purpose: {@code -m} rules out a contributed {@code --socket-mem}. Options
 * that may be given several times, such as {@code --vdev}, add up; device options do so only within one of the three
 * sources.
 *
 * <p>Immutable and thread-safe: every method returns a new value. Names and rules are those of
 * lib/eal/common/eal_common_options.c of DPDK 22.11 and later.
 */
public final class EalArguments implements CommandArgument {

    private final EalChoices choices;

    private EalArguments(EalChoices choices) {
        this.choices = choices;
    }

    /**
     * Arguments that follow from the grant.
     *
     * @return a placeholder in a command
     */
    public static EalArguments fromGrant() {
        return new EalArguments(EalChoices.NONE);
    }

    /**
     * Makes lcores of some CPUs only, for instance because other threads of the VNF run on the rest.
     *
     * @param cpus CPUs of the grant
     * @return the new arguments
     * @throws IllegalArgumentException if the set is empty
     */
    public EalArguments lcores(CpuSet cpus) {
        if (cpus.isEmpty()) {
            throw new IllegalArgumentException("the EAL needs at least one lcore");
        }
        return new EalArguments(choices.withLcores(cpus));
    }

    /**
     * Chooses the main lcore, which is the lowest CPU otherwise. It becomes lcore 0.
     *
     * @param cpu a CPU of the grant
     * @return the new arguments
     * @throws IllegalArgumentException if the number is negative
     */
    public EalArguments mainLcore(int cpu) {
        return new EalArguments(choices.withMainCpu(CpuSet.of(cpu).first()));
    }

    /**
     * Leaves a CPU to the EAL's control threads: the lowest that is not the main lcore's, unless the lcores leave one
     * over anyway.
     *
     * @param spare whether to; false by default
     * @return the new arguments
     */
    public EalArguments controlCpu(boolean spare) {
        return new EalArguments(choices.withControlCpu(spare));
    }

    /**
     * Adds an option. It replaces one of the same name, unless it may be given several times.
     *
     * @param option such as {@code --iova-mode}; one that this library does not know is passed on
     * @param value its value; empty for an option without one
     * @return the new arguments
     * @throws IllegalArgumentException if it has not the form of an option
     */
    public EalArguments with(String option, String value) {
        return new EalArguments(choices.with(new EalOption(option, value)));
    }

    /**
     * Adds an option without a value.
     *
     * @param option such as {@code --legacy-mem}
     * @return the new arguments
     * @throws IllegalArgumentException if it has not the form of an option
     */
    public EalArguments with(String option) {
        return with(option, "");
    }

    /**
     * Takes an option away, wherever it comes from.
     *
     * @param option such as {@code --no-pci}
     * @return the new arguments
     * @throws IllegalArgumentException if it has not the form of an option
     */
    public EalArguments without(String option) {
        return new EalArguments(choices.without(EalOption.flag(option)));
    }

    /**
     * Adds a virtual device.
     *
     * @param device driver with number and parameters, such as {@code net_af_packet0,iface=eth0}
     * @return the new arguments
     */
    public EalArguments vdev(String device) {
        return with("--vdev", device);
    }

    /**
     * Uses this PCI device, and of those granted no other that is not named as well.
     *
     * @param device a device of the grant
     * @return the new arguments
     */
    public EalArguments allow(PciAddress device) {
        return with("-a", device.toString());
    }

    /**
     * Switches the telemetry socket off, which needs a runtime directory that can be written.
     *
     * @return the new arguments
     */
    public EalArguments noTelemetry() {
        return with("--no-telemetry");
    }

    /**
     * Names the files in the runtime directory and on hugetlbfs. A hugetlbfs volume contributes the VNF's name.
     *
     * @param prefix a word without slash and percent sign
     * @return the new arguments
     * @throws IllegalArgumentException if the EAL would refuse it
     */
    public EalArguments filePrefix(String prefix) {
        if (!EalArgumentsCheck.isFilePrefix(prefix)) {
            throw new IllegalArgumentException("a file prefix is a word without / and %: \"" + prefix + "\"");
        }
        return with("--file-prefix", prefix);
    }

    /**
     * Takes pages from memfds and makes no files. The size of a hugetlbfs mount does not limit it; only a hugetlb
     * control group does.
     *
     * @return the new arguments
     */
    public EalArguments inMemory() {
        return with("--in-memory");
    }

    /**
     * What was given here, without what planning adds.
     *
     * @return options in their order
     */
    public List<EalOption> options() {
        return choices.options();
    }

    /**
     * What was given here as words of a command line, for {@link EalCommandLine}.
     *
     * @return the words
     */
    @Override
    public List<String> words() {
        return EalResolution.words(choices.options());
    }

    /**
     * What is wrong with these arguments on a grant.
     *
     * @param grant what the VNF was given
     * @param contributed options of the features
     * @return the problems; empty where {@link #resolve} gives arguments that the EAL takes
     */
    @Override
    public List<Problem> problems(Grant grant, List<EalOption> contributed) {
        return new EalArgumentsCheck(choices, grant, contributed).problems();
    }

    /**
     * The arguments of the EAL in a launch.
     *
     * @param grant what the VNF was given
     * @param contributed options of the features, in the order of the description
     * @return the words, without {@code --} at the end
     */
    @Override
    public List<String> resolve(Grant grant, List<EalOption> contributed) {
        return new EalResolution(choices, grant, contributed).words();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EalArguments arguments && arguments.choices.equals(choices);
    }

    @Override
    public int hashCode() {
        return Objects.hash(choices);
    }

    @Override
    public String toString() {
        String given = choices.options().isEmpty() ? "" : " and " + String.join(" ", words());
        return "EAL arguments from the grant" + given;
    }
}
