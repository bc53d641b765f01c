package io.vnfkit.launch;

import io.vnfkit.launch.step.FileTreeStep;
import io.vnfkit.launch.step.FileTreeStep.BindInside;
import io.vnfkit.launch.step.FileTreeStep.Detach;
import io.vnfkit.launch.step.FileTreeStep.MakeDirectory;
import io.vnfkit.launch.step.FileTreeStep.MakeLink;
import io.vnfkit.launch.step.FileTreeStep.MountFilesystem;
import io.vnfkit.launch.step.FileTreeStep.Restrict;
import io.vnfkit.launch.step.FileTreeStep.WriteFile;
import io.vnfkit.mount.Mask;
import io.vnfkit.mount.VnfMount.Flag;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lays all masks of a VNF on one tmpfs, makes it read-only, and binds each over its place. The tmpfs itself is detached
 * in the end: only the binds keep it.
 */
final class MaskPlanner {

    /** A directory that is there anyway, so that none is left behind when the tmpfs over it is detached. */
    private static final Path TMPFS = Path.of("/dev/shm");

    private final List<FileTreeStep> content = new ArrayList<>();
    private final List<FileTreeStep> binds = new ArrayList<>();
    private final Map<Mask.Entry, Path> laid = new HashMap<>();

    static List<FileTreeStep> plan(List<Mask> masks) {
        return masks.isEmpty() ? List.of() : new MaskPlanner().steps(masks);
    }

    private List<FileTreeStep> steps(List<Mask> masks) {
        for (Mask mask : masks) {
            // Equal content, mostly the empty directory, is laid once and bound many times.
            Path tree = laid.computeIfAbsent(mask.content(), this::lay);
            binds.add(new BindInside(tree, mask.target(), Set.of()));
        }
        List<FileTreeStep> steps = new ArrayList<>();
        steps.add(new MountFilesystem("tmpfs", "masks", TMPFS, Set.of(Flag.NOSUID, Flag.NODEV, Flag.NOEXEC),
                "mode=0755"));
        steps.addAll(content);
        steps.add(new Restrict(TMPFS, Set.of(Flag.READ_ONLY, Flag.NOSUID, Flag.NODEV, Flag.NOEXEC)));
        steps.addAll(binds);
        steps.add(new Detach(TMPFS));
        return steps;
    }

    private Path lay(Mask.Entry entry) {
        Path place = TMPFS.resolve(Integer.toString(laid.size()));
        lay(place, entry);
        return place;
    }

    private void lay(Path place, Mask.Entry entry) {
        if (entry instanceof Mask.Directory directory) {
            content.add(new MakeDirectory(place, 0755));
            directory.children().forEach(child -> lay(place.resolve(child.name()), child.entry()));
        } else if (entry instanceof Mask.File file) {
            content.add(new WriteFile(place, file.content()));
        } else if (entry instanceof Mask.Link link) {
            content.add(new MakeLink(place, link.target()));
        } else if (entry instanceof Mask.Original original) {
            content.add(new MakeDirectory(place, 0755));
            content.add(new BindInside(original.source(), place, Set.of()));
        }
    }
}
