package io.vnfkit.examples.differential;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What vnfkit does otherwise than OCI runtimes, and why. */
final class DeliberateDifferences {

    /** Directories and files that are hidden; which of them a host has depends on its kernel. */
    private static final String MASKED = "mounts (/proc/(acpi|asound|kcore|keys|latency_stats|sched_debug|scsi"
            + "|timer_list|timer_stats)|/sys/firmware|/sys/devices/virtual/powercap)";
    private static final String READ_ONLY = "mounts /proc/(bus|fs|irq|sys|sysrq-trigger)";
    private static final String DEVICES =
            "c 136:\\* rwm, c 1:3 rwm, c 1:5 rwm, c 1:7 rwm, c 1:8 rwm, c 1:9 rwm, c 5:0 rwm, c 5:2 rwm";

    private static final String ONE_TMPFS = "all masks lie on one tmpfs, which is read-only, nosuid, nodev and noexec; "
            + "runtimes mount a tmpfs for each directory and bind a /dev/null over files, which a payload can write to";

    private static final List<Deliberate> BOTH = List.of(
            new Deliberate("cgroup file devices\\.list", DEVICES, "b \\*:\\* m, c \\*:\\* m, .*",
                    "vnfkit allows what the description says; runtimes always allow to make any node, and devices of "
                            + "their own: crun the console (5:1), runc tun (10:200)"),
            new Deliberate("environment HOME", Difference.ABSENT, "/",
                    "a VNF's environment is an allow-list; runtimes add HOME"),
            new Deliberate("mounts / option nodev", "set", Difference.ABSENT,
                    "device nodes in a root file system would only be held back by the device list; "
                            + "vnfkit makes its own /dev"),
            new Deliberate("status SigIgn", "0000000000000004", "0000000[08]80000004|0000000180000004",
                    "vnfkit resets all signals, so only the shell's own SIGQUIT is ignored; runtimes hand on that the "
                            + "JVM which started them ignores signals of its C library"),
            new Deliberate(MASKED + " option (nodev|noexec|nosuid|ro)", "set", Difference.ABSENT, ONE_TMPFS));

    private static final List<Deliberate> CRUN = List.of(
            new Deliberate("devices /dev/core", Difference.ABSENT, "-> /proc/kcore",
                    "the memory of the host is hidden, and a link to it is of no use"),
            new Deliberate(READ_ONLY + " option (nodev|noexec|nosuid)", "set", Difference.ABSENT,
                    "a read-only bind keeps the restrictions of the procfs that it is a part of; crun drops them"),
            new Deliberate("mounts /sys file system ro", "set", Difference.ABSENT,
                    "sysfs is mounted read-only as a file system too, so that no second mount of it can be written to"),
            new Deliberate("mounts /sys file system rw", Difference.ABSENT, "set", "the same"),
            new Deliberate(MASKED, "tmpfs", "devtmpfs", ONE_TMPFS),
            new Deliberate(MASKED + " file system (mode|ro)", "755|set", Difference.ABSENT, ONE_TMPFS),
            new Deliberate(MASKED + " file system (rw|size)", Difference.ABSENT, "set|0k", ONE_TMPFS));

    private static final List<Deliberate> RUNC = List.of(
            new Deliberate(MASKED + " file system (mode|ro)", "755|set", Difference.ABSENT, ONE_TMPFS),
            new Deliberate(MASKED + " (option|file system) rw", Difference.ABSENT, "set", ONE_TMPFS));

    private DeliberateDifferences() {}

    /**
     * A difference that is meant.
     *
     * @param key pattern of what differs
     * @param ours pattern of what is so with vnfkit
     * @param theirs pattern of what is so with the other
     * @param reason why vnfkit does it its way
     */
    record Deliberate(String key, String ours, String theirs, String reason) {

        boolean explains(Difference difference) {
            return Pattern.matches(key, difference.key()) && Pattern.matches(ours, difference.ours())
                    && Pattern.matches(theirs, difference.theirs());
        }
    }

    static List<Deliberate> to(String runtime) {
        return Stream.concat(BOTH.stream(), (runtime.equals("crun") ? CRUN : RUNC).stream()).toList();
    }
}
