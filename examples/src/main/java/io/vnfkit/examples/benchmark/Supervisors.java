package io.vnfkit.examples.benchmark;

import io.vnfkit.RunningVnf;
import io.vnfkit.linux.KernelFiles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Memory of the supervisors of VNFs: each is its VNF's parent on the host. */
final class Supervisors {

    /** Resident, with pages that it shares with the other supervisors: the most that one can cost. */
    static final String RESIDENT = "supervisor: resident";

    private static final Map<String, String> FIELDS = new LinkedHashMap<>();

    static {
        FIELDS.put(RESIDENT, "Rss:");
        FIELDS.put("supervisor: its part of shared pages counted", "Pss:");
        FIELDS.put("supervisor: clean pages of its own", "Private_Clean:");
        FIELDS.put("supervisor: written pages of its own", "Private_Dirty:");
    }

    private final Map<String, Double> perVnf;

    private Supervisors(Map<String, Double> perVnf) {
        this.perVnf = perVnf;
    }

    static Supervisors of(KernelFiles files, List<RunningVnf> vnfs) {
        Map<String, Double> sums = new LinkedHashMap<>();
        for (RunningVnf vnf : vnfs) {
            String process = "/proc/" + parent(files, vnf.pid());
            String rollup = process + "/smaps_rollup";
            FIELDS.forEach((what, field) -> sums.merge(what, (double) kibibytes(files, rollup, field), Double::sum));
            long pageTables = kibibytes(files, process + "/status", "VmPTE:");
            sums.merge("supervisor: page tables", (double) pageTables, Double::sum);
        }
        sums.replaceAll((what, sum) -> sum / vnfs.size());
        return new Supervisors(sums);
    }

    private static long parent(KernelFiles files, long pid) {
        return number(files, "/proc/" + pid + "/status", "PPid:");
    }

    static long kibibytes(KernelFiles files, String file, String key) {
        return number(files, file, key);
    }

    private static long number(KernelFiles files, String file, String key) {
        return files.readLines(file).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip().split(" ")[0])
                .map(Long::parseLong)
                .findFirst().orElseThrow(() -> new IllegalStateException(file + " has no line " + key));
    }

    /** Averages in KiB. */
    Map<String, Double> perVnf() {
        return perVnf;
    }
}
