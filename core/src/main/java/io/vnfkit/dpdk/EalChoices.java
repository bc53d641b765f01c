package io.vnfkit.dpdk;

import io.vnfkit.unit.CpuSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a description says of the EAL's arguments.
 *
 * @param lcores CPUs that become lcores; empty for all of the grant
 * @param mainCpu the main lcore's CPU; empty for the lowest
 * @param controlCpu whether a CPU is left to the control threads
 * @param options options in their order
 * @param removed names of options that shall not be there
 */
record EalChoices(Optional<CpuSet> lcores, OptionalInt mainCpu, boolean controlCpu, List<EalOption> options,
        Set<String> removed) {

    static final EalChoices NONE =
            new EalChoices(Optional.empty(), OptionalInt.empty(), false, List.of(), Set.of());

    EalChoices {
        options = List.copyOf(options);
        removed = Set.copyOf(removed);
    }

    EalChoices withLcores(CpuSet cpus) {
        return new EalChoices(Optional.of(cpus), mainCpu, controlCpu, options, removed);
    }

    EalChoices withMainCpu(int cpu) {
        return new EalChoices(lcores, OptionalInt.of(cpu), controlCpu, options, removed);
    }

    EalChoices withControlCpu(boolean spare) {
        return new EalChoices(lcores, mainCpu, spare, options, removed);
    }

    EalChoices with(EalOption added) {
        String name = EalGrammar.nameOf(added.option());
        List<EalOption> changed = new ArrayList<>(options);
        if (!EalGrammar.isRepeatable(added)) {
            changed.removeIf(given -> EalGrammar.nameOf(given.option()).equals(name));
        }
        changed.add(added);
        Set<String> stillRemoved = new TreeSet<>(removed);
        stillRemoved.remove(name);
        return new EalChoices(lcores, mainCpu, controlCpu, changed, stillRemoved);
    }

    EalChoices without(EalOption unwanted) {
        String name = EalGrammar.nameOf(unwanted.option());
        List<EalOption> changed = new ArrayList<>(options);
        changed.removeIf(given -> EalGrammar.nameOf(given.option()).equals(name));
        Set<String> nowRemoved = new TreeSet<>(removed);
        nowRemoved.add(name);
        return new EalChoices(lcores, mainCpu, controlCpu, changed, nowRemoved);
    }

    boolean isRemoved(EalOption option) {
        return removed.contains(EalGrammar.nameOf(option.option()));
    }
}
