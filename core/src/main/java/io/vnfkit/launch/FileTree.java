package io.vnfkit.launch;

import io.vnfkit.Problem;
import io.vnfkit.launch.RootView.Content;
import io.vnfkit.launch.RootView.Found;
import io.vnfkit.launch.step.FileTreeStep;
import io.vnfkit.launch.step.FileTreeStep.AttachTree;
import io.vnfkit.launch.step.FileTreeStep.MakeDirectory;
import io.vnfkit.launch.step.FileTreeStep.WriteFile;
import io.vnfkit.launch.step.SupervisorStep;
import io.vnfkit.launch.step.SupervisorStep.OpenTree;
import io.vnfkit.mount.FileContent;
import io.vnfkit.mount.VnfMount.Flag;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A VNF's file tree while it is planned: the steps so far, and what the VNF will see after them. Used for one plan. */
final class FileTree {

    private static final int DIRECTORY_MODE = 0755;

    private final Consumer<Problem> problems;
    private final List<SupervisorStep> supervisorSteps = new ArrayList<>();
    private final List<FileTreeStep> steps = new ArrayList<>();
    private final Set<Path> made = new HashSet<>();
    private RootView view;

    FileTree(RootView view, Consumer<Problem> problems) {
        this.view = view;
        this.problems = problems;
    }

    RootView view() {
        return view;
    }

    List<SupervisorStep> supervisorSteps() {
        return supervisorSteps;
    }

    List<FileTreeStep> steps() {
        return steps;
    }

    void problem(String where, String what, String cure) {
        problems.accept(new Problem(where, what, cure));
    }

    void add(FileTreeStep step) {
        steps.add(step);
    }

    void add(SupervisorStep step) {
        supervisorSteps.add(step);
    }

    /** Notes what a step has mounted. */
    void covered(Path target, Content content) {
        view = view.with(target, content);
    }

    /** Copies a tree of the host and attaches it inside the VNF. */
    void attach(Path source, Path target, boolean recursive, Set<Flag> flags) {
        supervisorSteps.add(new OpenTree(source, recursive, flags));
        steps.add(new AttachTree(source, target));
    }

    /** Makes sure that a directory to mount on exists; returns its path without links. */
    Path provideDirectory(Path target) {
        Found found = view.find(target);
        if (found instanceof RootView.Nothing nothing && nothing.tmpfs().isPresent()) {
            makeDirectories(nothing.tmpfs().get(), nothing.path());
            return nothing.path();
        }
        return existing(target, found, RootView.isDirectory(found), "directory");
    }

    /** Makes sure that a file to mount on exists; returns its path without links. */
    Path provideFile(Path target) {
        Found found = view.find(target);
        if (found instanceof RootView.Nothing nothing && nothing.tmpfs().isPresent()) {
            makeDirectories(nothing.tmpfs().get(), nothing.path().getParent());
            steps.add(new WriteFile(nothing.path(), new FileContent.Text("")));
            return nothing.path();
        }
        return existing(target, found, found instanceof RootView.At && !RootView.isDirectory(found), "file");
    }

    private void makeDirectories(Path tmpfs, Path directory) {
        for (int names = tmpfs.getNameCount() + 1; names <= directory.getNameCount(); names++) {
            Path each = Path.of("/").resolve(directory.subpath(0, names));
            if (made.add(each)) {
                steps.add(new MakeDirectory(each, DIRECTORY_MODE));
            }
        }
    }

    private Path existing(Path target, Found found, boolean suits, String what) {
        if (found instanceof RootView.Unknown unknown) {
            return unknown.path();
        }
        if (!suits) {
            problem("mounts", "target " + target + why(found, what),
                    "create it there, or use a target below /run or /tmp");
        }
        return found instanceof RootView.At at ? at.path() : target;
    }

    private static String why(Found found, String what) {
        if (found instanceof RootView.LeadsOutside outside) {
            return ": the link " + outside.link() + " -> " + outside.target() + " leads out of the root file system";
        }
        if (found instanceof RootView.Loops) {
            return ": there are too many links on the way";
        }
        return " is no " + what + " in the root file system";
    }
}
