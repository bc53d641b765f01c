package io.vnfkit.dpdk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The options of the EAL: those of eal_long_options and eal_short_options in DPDK 22.11, and the names that
 * eal_option_list.h added up to 26.07.
 */
final class EalGrammar {

    /** Whether an option takes a value, as in getopt_long(3). */
    enum Value {
        NONE, REQUIRED, OPTIONAL
    }

    /**
     * An option.
     *
     * @param name the name that every version from 22.11 on knows, or the only one
     * @param others other names for it
     * @param value whether it takes a value
     * @param purpose options of one purpose rule each other out, such as -l and --lcores
     * @param repeatable whether it may be given several times
     */
    record Entry(String name, List<String> others, Value value, String purpose, boolean repeatable) {

        boolean isNamed(String option) {
            return name.equals(option) || others.contains(option);
        }
    }

    /** Purpose of the options that choose devices. */
    static final String DEVICES = "devices";

    private static final List<Entry> ENTRIES = List.of(
            several("-a", DEVICES, "--allow"),
            several("-b", DEVICES, "--block"),
            flag("--no-pci", DEVICES),
            several("--vdev", "vdev"),
            several("-d", "drivers", "--driver-path"),
            one("-c", "lcores", "--coremask"),
            one("-l", "lcores"),
            one("--lcores", "lcores"),
            new Entry("-R", List.of("--remap-lcore-ids"), Value.OPTIONAL, "lcores", false),
            one("--main-lcore", "main lcore"),
            one("-s", "service lcores", "--service-coremask"),
            one("-S", "service lcores", "--service-corelist"),
            one("-m", "preallocation", "--memory-size"),
            one("--socket-mem", "preallocation", "--numa-mem"),
            one("--socket-limit", "memory limit", "--numa-limit"),
            one("--huge-dir", "huge dir"),
            optional("--huge-unlink", "huge unlink"),
            optional("--huge-worker-stack", "worker stack"),
            flag("--in-memory", "in memory"),
            flag("--legacy-mem", "legacy memory"),
            flag("--match-allocations", "match allocations"),
            flag("--no-huge", "no huge"),
            flag("--single-file-segments", "single file segments"),
            one("--base-virtaddr", "base address"),
            one("--file-prefix", "file prefix"),
            flag("--no-shconf", "shared configuration"),
            one("--proc-type", "process type"),
            flag("--telemetry", "telemetry"),
            flag("--no-telemetry", "telemetry"),
            one("-n", "channels", "--memory-channels"),
            one("-r", "ranks", "--memory-ranks"),
            flag("--create-uio-dev", "uio"),
            one("--force-max-simd-bitwidth", "simd"),
            one("--iova-mode", "iova"),
            several("--log-level", "log level"),
            optional("--log-color", "log colour"),
            optional("--log-timestamp", "log time"),
            one("--mbuf-pool-ops-name", "mempool ops"),
            flag("--no-hpet", "hpet"),
            optional("--syslog", "syslog"),
            several("--trace", "trace"),
            one("--trace-bufsz", "trace buffer"),
            one("--trace-dir", "trace directory"),
            one("--trace-mode", "trace mode"),
            one("--vfio-intr", "vfio interrupts"),
            one("--vfio-vf-token", "vfio token"),
            flag("--vmware-tsc-map", "tsc"),
            flag("-h", "help", "--help"),
            flag("-v", "version", "--version"));

    private EalGrammar() {}

    private static Entry one(String name, String purpose, String... others) {
        return new Entry(name, List.of(others), Value.REQUIRED, purpose, false);
    }

    private static Entry several(String name, String purpose, String... others) {
        return new Entry(name, List.of(others), Value.REQUIRED, purpose, true);
    }

    private static Entry flag(String name, String purpose, String... others) {
        return new Entry(name, List.of(others), Value.NONE, purpose, false);
    }

    private static Entry optional(String name, String purpose) {
        return new Entry(name, List.of(), Value.OPTIONAL, purpose, false);
    }

    /** The option of exactly this name; empty for one that a newer EAL may know. */
    static Optional<Entry> named(String option) {
        return ENTRIES.stream().filter(entry -> entry.isNamed(option)).findFirst();
    }

    /**
     * The long option that a word means: an exact name, or a beginning that only one name has, as getopt_long(3) has
     * it.
     */
    static Optional<Entry> meant(String word) {
        Optional<Entry> exact = named(word);
        if (exact.isPresent()) {
            return exact;
        }
        List<Entry> candidates = new ArrayList<>();
        for (Entry entry : ENTRIES) {
            if (entry.name().startsWith(word) || entry.others().stream().anyMatch(other -> other.startsWith(word))) {
                candidates.add(entry);
            }
        }
        return candidates.size() == 1 ? Optional.of(candidates.get(0)) : Optional.empty();
    }

    /** The name under which options are compared. */
    static String nameOf(String option) {
        return named(option).map(Entry::name).orElse(option);
    }

    /** What an option is for; one that is not known here stands for itself. */
    static String purposeOf(EalOption option) {
        return named(option.option()).map(Entry::purpose).orElse(option.option());
    }

    /** Whether an option may be given several times. */
    static boolean isRepeatable(EalOption option) {
        return named(option.option()).map(Entry::repeatable).orElse(false);
    }
}
