package io.vnfkit.dpdk;

import io.vnfkit.Grant;
import io.vnfkit.Problem;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Finds what is wrong with EAL arguments before the EAL does: it takes a CPU outside the cpuset at first and panics
 * later.
 *
 * @param choices what the description says
 * @param grant what the VNF was given
 * @param contributed what the features contribute
 */
record EalArgumentsCheck(EalChoices choices, Grant grant, List<EalOption> contributed) {

    private static final String WHERE = "EalArguments";
    /** 107 characters of a socket's path less "/var/run/dpdk/" and "/dpdk_telemetry.v2". */
    private static final int LONGEST_FILE_PREFIX = 75;

    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        CpuSet cpus = choices.lcores().orElse(grant.cpus());
        checkLcores(problems);
        checkMainLcore(cpus, problems);
        checkControlCpu(cpus, problems);
        checkDevices(problems);
        checkContributed(problems);
        checkFilePrefix(problems);
        return problems;
    }

    private void checkLcores(List<Problem> problems) {
        Optional<CpuSet> lcores = choices.lcores();
        if (lcores.isPresent() && !grant.cpus().isEmpty() && !grant.cpus().containsAll(lcores.get())) {
            problems.add(new Problem(WHERE + ".lcores",
                    "CPUs " + lcores.get().minus(grant.cpus()) + " are not among those granted, " + grant.cpus(),
                    "grant them with cgroup.cpus or leave them out"));
        }
    }

    private void checkMainLcore(CpuSet cpus, List<Problem> problems) {
        OptionalInt mainCpu = choices.mainCpu();
        if (mainCpu.isPresent() && !cpus.isEmpty() && !cpus.contains(mainCpu.getAsInt())) {
            problems.add(new Problem(WHERE + ".mainLcore",
                    "CPU " + mainCpu.getAsInt() + " is not among those of the lcores, " + cpus,
                    "name one of them"));
        }
    }

    private void checkControlCpu(CpuSet cpus, List<Problem> problems) {
        if (choices.controlCpu() && cpus.size() == 1 && cpus.containsAll(grant.cpus())) {
            problems.add(new Problem(WHERE + ".controlCpu",
                    "CPU " + cpus + " is the only one and the main lcore needs it",
                    "grant a second CPU with cgroup.cpus"));
        }
    }

    private void checkDevices(List<Problem> problems) {
        for (EalOption option : choices.options()) {
            if (EalGrammar.nameOf(option.option()).equals("-a")) {
                pciAddress(option.value()).filter(device -> !grant.pciDevices().contains(device))
                        .ifPresent(device -> problems.add(new Problem(WHERE + ".allow",
                                "PCI device " + device + " is not among those granted, " + grant.pciDevices(),
                                "grant it, for instance with SysfsMask.pci, or leave it out")));
            }
        }
    }

    /** The device of a value such as {@code 0000:05:00.0,mac=...}; empty for a device that is not on PCI. */
    private static Optional<PciAddress> pciAddress(String device) {
        String address = device.contains(",") ? device.substring(0, device.indexOf(',')) : device;
        if (!address.matches("(?i)([0-9a-f]{4,8}:)?[0-9a-f]{2}:[01][0-9a-f]\\.[0-7]")) {
            return Optional.empty();
        }
        return Optional.of(PciAddress.parse(address));
    }

    private void checkContributed(List<Problem> problems) {
        for (int i = 0; i < contributed.size(); i++) {
            EalOption option = contributed.get(i);
            boolean isOverruled = choices.options().stream().anyMatch(given -> samePurpose(given, option));
            Optional<EalOption> earlier = contributed.subList(0, i).stream()
                    .filter(other -> samePurpose(other, option) && !other.equals(option)).findFirst();
            if (earlier.isPresent() && !isOverruled && !EalGrammar.isRepeatable(option)) {
                problems.add(new Problem(WHERE, "one feature wants " + earlier.get() + ", another " + option,
                        "decide with EalArguments.with(\"" + option.option() + "\", ...)"));
            }
        }
    }

    private void checkFilePrefix(List<Problem> problems) {
        List<EalOption> all = new ArrayList<>(choices.options());
        all.addAll(contributed);
        all.stream().filter(option -> option.option().equals("--file-prefix")).findFirst().map(EalOption::value)
                .filter(prefix -> !isFilePrefix(prefix) || prefix.length() > LONGEST_FILE_PREFIX)
                .ifPresent(prefix -> problems.add(new Problem(WHERE + ".filePrefix",
                        "the EAL does not take \"" + prefix + "\" for a file prefix: it has no / and %, and at most "
                                + LONGEST_FILE_PREFIX + " characters for the telemetry socket's path",
                        "give another with EalArguments.filePrefix, or the VNF another name")));
    }

    /** A name of files. The EAL uses it as a part of format strings, too. */
    static boolean isFilePrefix(String prefix) {
        return !prefix.isEmpty() && prefix.indexOf('/') < 0 && prefix.indexOf('%') < 0;
    }

    private static boolean samePurpose(EalOption one, EalOption other) {
        return EalGrammar.purposeOf(one).equals(EalGrammar.purposeOf(other));
    }
}
