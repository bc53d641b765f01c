package io.vnfkit.sysfs;

import io.vnfkit.linux.Host;
import io.vnfkit.mount.FileContent;
import io.vnfkit.mount.Mask;
import io.vnfkit.mount.Mask.Directory;
import io.vnfkit.mount.Mask.Entry;
import io.vnfkit.mount.Mask.Link;
import io.vnfkit.mount.Mask.Named;
import io.vnfkit.mount.Mask.Original;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A shell script that puts masks in place in a mount namespace of its own. */
final class MaskScript {

    private final Host host;
    private final StringBuilder script = new StringBuilder("set -e\nmount -t tmpfs masks \"$1\"\ncd \"$1\"\n");

    private MaskScript(Host host) {
        this.host = host;
    }

    /** The script; its first argument is an empty directory, and it runs the command after the masks are there. */
    static String of(Host host, List<Mask> masks, String command) {
        MaskScript script = new MaskScript(host);
        for (int i = 0; i < masks.size(); i++) {
            script.add("mask" + i, masks.get(i).content());
        }
        for (int i = 0; i < masks.size(); i++) {
            script.script.append("mount --rbind mask").append(i).append(' ').append(masks.get(i).target()).append('\n');
        }
        return script.script.append("cd /\n").append(command).append('\n').toString();
    }

    private void add(String path, Entry entry) {
        if (entry instanceof Directory directory) {
            script.append("mkdir ").append(path).append('\n');
            for (Named child : directory.children()) {
                add(path + "/" + child.name(), child.entry());
            }
        } else if (entry instanceof Link link) {
            script.append("ln -s ").append(link.target()).append(' ').append(path).append('\n');
        } else if (entry instanceof Original original) {
            script.append("mkdir ").append(path).append("\nmount --bind ").append(original.source()).append(' ')
                    .append(path).append('\n');
        } else {
            String text = text(((Mask.File) entry).content()).replace("'", "'\\''");
            script.append("printf %s '").append(text).append("' > ").append(path).append('\n');
        }
    }

    private String text(FileContent content) {
        if (content instanceof FileContent.Text text) {
            return text.text();
        }
        if (content instanceof FileContent.CopyOf copy) {
            return host.files().readRaw(copy.source());
        }
        if (content instanceof FileContent.Cpuinfo cpuinfo) {
            return Arrays.stream(host.files().readRaw("/proc/cpuinfo").split("\n\n"))
                    .filter(block -> cpuinfo.cpus().contains(Integer.parseInt(block.split("\\s*:\\s*|\n")[1])))
                    .collect(Collectors.joining("\n\n", "", "\n\n"));
        }
        FileContent.Meminfo meminfo = (FileContent.Meminfo) content;
        return host.files().readLines(meminfo.source()).stream()
                .map(line -> replaced(line, meminfo))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String replaced(String line, FileContent.Meminfo meminfo) {
        int colon = line.indexOf(':');
        String key = line.substring(line.lastIndexOf(' ', colon) + 1, colon);
        String value = meminfo.values().get(key);
        return value == null ? line : line.substring(0, colon + 1) + " " + value;
    }
}
