package io.vnfkit.launch.compile;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.FileContent;
import io.vnfkit.unit.CpuSet;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills in the content of files that stand in for the kernel's. */
final class FileContents {

    /** A line of /proc/meminfo or of a node's meminfo, which has "Node 0 " in front. */
    private static final Pattern MEMINFO_LINE = Pattern.compile("((?:Node \\d+ )?(\\w+(?:\\([^)]*\\))?):)(.*)");

    private final KernelFiles files;

    FileContents(KernelFiles files) {
        this.files = files;
    }

    String render(FileContent content) {
        if (content instanceof FileContent.Text text) {
            return text.text();
        }
        if (content instanceof FileContent.CopyOf copy) {
            return files.readRaw(copy.source());
        }
        if (content instanceof FileContent.Cpuinfo cpuinfo) {
            return cpuinfo(files.readRaw("/proc/cpuinfo"), cpuinfo.cpus());
        }
        if (content instanceof FileContent.Meminfo meminfo) {
            return meminfo(files.readRaw(meminfo.source()), meminfo.values());
        }
        throw new IllegalStateException("no renderer for " + content);
    }

    /** Blocks are separated by empty lines; those about a processor start with its number. */
    static String cpuinfo(String whole, CpuSet cpus) {
        StringBuilder kept = new StringBuilder();
        for (String block : whole.split("\n\n")) {
            if (keep(block, cpus)) {
                kept.append(block.stripTrailing()).append("\n\n");
            }
        }
        return kept.toString();
    }

    private static boolean keep(String block, CpuSet cpus) {
        int end = block.indexOf('\n');
        String first = end < 0 ? block : block.substring(0, end);
        int colon = first.indexOf(':');
        if (!first.startsWith("processor") || colon < 0) {
            return true;
        }
        return cpus.contains(Integer.parseInt(first.substring(colon + 1).strip()));
    }

    static String meminfo(String whole, Map<String, String> values) {
        StringBuilder replaced = new StringBuilder();
        whole.lines().forEach(line -> replaced.append(meminfoLine(line, values)).append('\n'));
        return replaced.toString();
    }

    private static String meminfoLine(String line, Map<String, String> values) {
        Matcher matcher = MEMINFO_LINE.matcher(line);
        if (!matcher.matches() || !values.containsKey(matcher.group(2))) {
            return line;
        }
        // The kernel aligns the values to the right.
        String value = " " + values.get(matcher.group(2));
        return matcher.group(1) + " ".repeat(Math.max(0, matcher.group(3).length() - value.length())) + value;
    }
}
