package io.vnfkit.examples.differential;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A script that prints what its first process sees, section by section, and then stays until its standard input ends,
 * so that the host can look at its control groups.
 */
final class Probe {

    private static final String SECTION = "@";
    private static final String END = "end";

    private static final String SCRIPT = """
            section() { echo "@$1"; }
            section mounts; cat /proc/1/mountinfo
            section status; cat /proc/1/status
            section namespaces; for kind in mnt net uts ipc pid cgroup user time; do
                echo "$kind $(readlink /proc/1/ns/$kind)"; done
            section hostname; cat /proc/sys/kernel/hostname
            section limits; sed 1d /proc/1/limits
            section environment; tr '\\0' '\\n' </proc/1/environ
            section directory; readlink /proc/1/cwd
            section devices; for node in /dev/* /dev/pts/*; do
                if [ -L "$node" ]; then echo "$node -> $(readlink "$node")"
                else stat -c '%n %F %t:%T %a %u:%g' "$node"; fi; done
            # A pipe between both would be seen too, as long as the shell has its ends.
            ls -l /proc/1/fd >/run/descriptors
            section descriptors; sed -n 's/.* \\([0-9]*\\) -> /\\1 /p' /run/descriptors
            section process; echo "oom_score_adj $(cat /proc/1/oom_score_adj)"
            echo "pid $$"
            set -- $(sed 's/.*) //' /proc/1/stat); echo "group $3"; echo "session $4"
            section cgroup; cat /proc/1/cgroup
            section interfaces; for interface in /sys/class/net/*; do
                echo "${interface##*/} $(cat "$interface/flags")"; done
            section masks; for path in /proc/acpi /proc/keys /proc/timer_list /sys/firmware; do
                if [ -d "$path" ]; then echo "$path directory of $(ls "$path" | wc -l) entries"
                else echo "$path file of $(cat "$path" | wc -c) octets"; fi; done
            section writable
            for path in / /proc/sys/kernel/hostname /sys/kernel /dev /run /tmp /opt/config /dev/shm; do
                [ ! -d "$path" ] || path=$path/probe
                (: >"$path") 2>/dev/null && echo "$path yes" || echo "$path no"; done; rm -f /probe
            section end
            read -r anything
            """;

    private Probe() {}

    static List<String> command() {
        return List.of("/bin/sh", "-c", SCRIPT);
    }

    /** Reads what the script printed, up to the point where it waits. */
    static Map<String, List<String>> read(BufferedReader output) throws IOException {
        Map<String, List<String>> sections = new LinkedHashMap<>();
        String section = "";
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(SECTION)) {
                section = line.substring(SECTION.length());
                if (section.equals(END)) {
                    return sections;
                }
                sections.put(section, new ArrayList<>());
            } else {
                sections.computeIfAbsent(section, absent -> new ArrayList<>()).add(line);
            }
        }
        throw new IOException("the script ended early, after: " + sections);
    }
}
