package io.vnfkit.sysfs;

import io.vnfkit.mount.FileContent;
import io.vnfkit.mount.Mask.Directory;
import io.vnfkit.mount.Mask.Entry;
import io.vnfkit.mount.Mask.File;
import io.vnfkit.mount.Mask.Named;
import java.util.ArrayList;
import java.util.List;

/** Collects the entries of a masked directory. Not thread-safe. */
final class MaskFiles {

    private final List<Named> entries = new ArrayList<>();

    MaskFiles add(String name, Entry entry) {
        entries.add(new Named(name, entry));
        return this;
    }

    /** A value as sysfs prints it: with a newline, on which the EAL's parser insists. */
    MaskFiles value(String name, Object value) {
        return add(name, File.of(value + "\n"));
    }

    MaskFiles copy(String name, String directory) {
        return add(name, new File(new FileContent.CopyOf(directory + "/" + name)));
    }

    Directory directory() {
        return new Directory(entries);
    }
}
