package io.vnfkit.examples.differential;

import io.vnfkit.mount.Mountinfo;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What was observed, in a form that can be compared: a value for each key such as {@code mounts /proc}. Numbers that
 * differ from one start to the next (ids of mounts, inodes of pipes and namespaces) are left out or replaced by what
 * they stand for.
 *
 * @param values by key
 */
record ObservedState(SortedMap<String, String> values) {

    /** Of the status of a process, what a launcher decides. */
    private static final Set<String> STATUS = Set.of("Umask", "Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff",
            "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp", "Cpus_allowed_list", "Mems_allowed_list", "SigBlk", "SigIgn",
            "SigCgt", "NSpid");

    /**
     * Options of a file system that say how it was mounted; sizes of the host's memory and features of its disk do not.
     */
    private static final Set<String> SUPER_OPTIONS = Set.of("ro", "rw", "mode", "size", "gid", "ptmxmode");

    /** Sorts and copies the values. */
    ObservedState {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /**
     * Brings an observation into this form.
     *
     * @param sections of {@link Probe}
     * @param hostNamespaces the namespaces of the host, by kind
     * @param cgroupFiles what the host read in the control groups, by file
     */
    static ObservedState of(Map<String, List<String>> sections, Map<String, String> hostNamespaces,
            Map<String, String> cgroupFiles) {
        SortedMap<String, String> values = new TreeMap<>();
        sections.forEach((section, lines) -> {
            switch (section) {
                case "mounts" -> addMounts(values, lines);
                case "status" -> addFields(values, section, lines, ":", STATUS);
                case "namespaces" -> addNamespaces(values, lines, hostNamespaces);
                case "limits" -> lines.forEach(line -> values.put("limits " + line.substring(0, 26).strip(),
                        line.substring(26).strip().replaceAll(" +", " ")));
                case "environment" -> addFields(values, section, lines, "=", null);
                case "descriptors" -> lines.forEach(line -> addPair(values, section, line.replaceAll("\\[\\d+]", "")));
                case "cgroup" -> values.put(section, paths(lines).toString());
                case "hostname", "directory" -> values.put(section, String.join("\n", lines));
                default -> lines.forEach(line -> addPair(values, section, line));
            }
        });
        cgroupFiles.forEach((file, content) -> values.put("cgroup file " + file, content));
        return new ObservedState(values);
    }

    private static void addPair(Map<String, String> values, String section, String line) {
        String[] parts = line.split(" ", 2);
        values.put(section + " " + parts[0], parts.length == 2 ? parts[1] : "");
    }

    private static void addFields(Map<String, String> values, String section, List<String> lines, String separator,
            Set<String> wanted) {
        for (String line : lines) {
            String[] parts = line.split(separator, 2);
            if (parts.length == 2 && (wanted == null || wanted.contains(parts[0]))) {
                values.put(section + " " + parts[0], parts[1].strip().replace('\t', ' '));
            }
        }
    }

    private static void addNamespaces(Map<String, String> values, List<String> lines, Map<String, String> ofHost) {
        for (String line : lines) {
            String[] parts = line.split(" ", 2);
            values.put("namespaces " + parts[0], parts[1].equals(ofHost.get(parts[0])) ? "the host's" : "its own");
        }
    }

    /** A VNF sees its own group as the root wherever it is in the cgroup namespace. */
    private static SortedSet<String> paths(List<String> lines) {
        SortedSet<String> paths = new TreeSet<>();
        lines.forEach(line -> paths.add(line.split(":", 3)[2]));
        return paths;
    }

    private static void addMounts(Map<String, String> values, List<String> lines) {
        for (Mountinfo.Mount mount : Mountinfo.parse(lines).visible()) {
            String key = "mounts " + mount.mountPoint();
            values.put(key, mount.type());
            mount.options().forEach(option -> values.put(key + " option " + option, "set"));
            mount.propagation().forEach(field -> values.put(key + " propagation " + field.split(":")[0], "set"));
            for (String option : mount.superOptions()) {
                String[] parts = option.split("=", 2);
                // The size of the host's own /dev is that of its memory.
                if (SUPER_OPTIONS.contains(parts[0]) && !mount.type().equals("devtmpfs")) {
                    values.put(key + " file system " + parts[0], parts.length == 2 ? parts[1] : "set");
                }
            }
        }
    }
}
