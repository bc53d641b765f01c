package io.vnfkit.cgroup;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.Mountinfo;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Reads the files that a {@link CgroupLayout} follows from. The same content gives the same layout, so the last one is
 * kept with its content: every launch reads the files, and they hardly ever differ.
 */
final class LayoutReader {

    private static final AtomicReference<Understood> LAST = new AtomicReference<>();

    /** A layout and all that it was made of. */
    private record Understood(Mountinfo mountinfo, String cgroups, String self, Map<Path, String> controllers,
            CgroupLayout layout) {}

    private final KernelFiles files;
    private final Mountinfo mountinfo;
    private final String cgroups;
    private final String self;

    LayoutReader(KernelFiles files) {
        this.files = files;
        this.mountinfo = Mountinfo.read(files);
        this.cgroups = files.readIfExists("/proc/cgroups").orElse("");
        this.self = files.readIfExists("/proc/self/cgroup").orElse("");
    }

    CgroupLayout read() {
        Understood last = LAST.get();
        return last != null && isStillSo(last) ? last.layout() : understand();
    }

    private boolean isStillSo(Understood last) {
        // Mountinfo keeps its last one too: the same mounts are the same object, and need no comparison one by one.
        return last.mountinfo() == mountinfo && last.cgroups().equals(cgroups) && last.self().equals(self)
                && last.controllers().entrySet().stream()
                        .allMatch(entry -> controllersAt(entry.getKey()).equals(entry.getValue()));
    }

    private CgroupLayout understand() {
        Map<Path, String> controllers = new HashMap<>();
        CgroupLayout layout = CgroupLayout.parse(mountinfo, lines(cgroups), lines(self),
                mountPoint -> controllers.computeIfAbsent(mountPoint, this::controllersAt));
        LAST.set(new Understood(mountinfo, cgroups, self, Map.copyOf(controllers), layout));
        return layout;
    }

    private String controllersAt(Path mountPoint) {
        return files.readIfExists(mountPoint.resolve("cgroup.controllers").toString()).orElse("");
    }

    private static List<String> lines(String text) {
        return text.lines().toList();
    }
}
