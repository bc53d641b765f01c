package io.vnfkit.dpdk;

import io.vnfkit.Grant;
import io.vnfkit.unit.CpuSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Puts the EAL's arguments together: from the grant, from the features, from the description, the later winning.
 *
 * @param choices what the description says
 * @param grant what the VNF was given
 * @param contributed options of the features
 */
record EalResolution(EalChoices choices, Grant grant, List<EalOption> contributed) {

    List<String> words() {
        List<EalOption> arguments = new ArrayList<>();
        Set<String> taken = purposes(choices.options());
        List<EalOption> fromFeatures = without(contributed, taken);
        fromFeatures.removeAll(choices.options());
        taken.addAll(purposes(contributed));
        arguments.addAll(without(fromGrant(), taken));
        arguments.addAll(fromFeatures);
        arguments.addAll(choices.options());
        arguments.removeIf(choices::isRemoved);
        return words(arguments);
    }

    static List<String> words(List<EalOption> options) {
        return options.stream().flatMap(option -> option.words().stream()).toList();
    }

    private static Set<String> purposes(List<EalOption> options) {
        Set<String> purposes = new HashSet<>();
        options.forEach(option -> purposes.add(EalGrammar.purposeOf(option)));
        return purposes;
    }

    /** The options whose purpose is not served already, each once. */
    private static List<EalOption> without(List<EalOption> options, Set<String> taken) {
        List<EalOption> added = new ArrayList<>();
        Set<String> own = new HashSet<>();
        for (EalOption option : options) {
            String purpose = EalGrammar.purposeOf(option);
            boolean addsUp = EalGrammar.isRepeatable(option) && !purpose.equals(EalGrammar.DEVICES);
            boolean isOverruled = !addsUp && taken.contains(purpose);
            boolean isRepeated = !EalGrammar.isRepeatable(option) && !own.add(purpose);
            if (!isOverruled && !isRepeated && !added.contains(option)) {
                added.add(option);
            }
        }
        return added;
    }

    private List<EalOption> fromGrant() {
        List<EalOption> options = new ArrayList<>();
        Optional<CpuSet> cpus = lcoreCpus();
        if (cpus.isPresent()) {
            int main = choices.mainCpu().orElseGet(() -> cpus.get().first());
            options.add(new EalOption("--lcores", LcoreMap.of(cpus.get(), main).toArgument()));
        } else if (choices.mainCpu().isPresent()) {
            // Lcores that the EAL detects itself carry the CPUs' numbers.
            options.add(new EalOption("--main-lcore", Integer.toString(choices.mainCpu().getAsInt())));
        }
        grant.pciDevices().forEach(device -> options.add(new EalOption("-a", device.toString())));
        if (grant.pciDevices().isEmpty()) {
            options.add(EalOption.flag("--no-pci"));
        }
        return options;
    }

    private Optional<CpuSet> lcoreCpus() {
        if (choices.lcores().isEmpty() && grant.cpus().isEmpty()) {
            return Optional.empty();
        }
        CpuSet cpus = choices.lcores().orElseGet(grant::cpus);
        boolean leavesOneOver = !cpus.containsAll(grant.cpus());
        if (!choices.controlCpu() || leavesOneOver || cpus.size() < 2) {
            return Optional.of(cpus);
        }
        OptionalInt main = choices.mainCpu();
        int spare = cpus.stream().filter(cpu -> main.isEmpty() || cpu != main.getAsInt()).findFirst().orElseThrow();
        return Optional.of(cpus.minus(CpuSet.of(spare)));
    }
}
