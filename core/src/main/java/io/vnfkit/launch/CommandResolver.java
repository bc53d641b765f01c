package io.vnfkit.launch;

import io.vnfkit.CommandArgument;
import io.vnfkit.Grant;
import io.vnfkit.Problem;
import io.vnfkit.dpdk.EalOption;
import io.vnfkit.launch.step.RightsStep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/** Finds a command's program inside a VNF's root, as execvp(3) would with the VNF's PATH. */
final class CommandResolver {

    private static final String DEFAULT_PATH = "/bin:/usr/bin";

    private final RootView root;
    private final Consumer<Problem> problems;

    CommandResolver(RootView root, Consumer<Problem> problems) {
        this.root = root;
        this.problems = problems;
    }

    RightsStep.Execute resolve(List<CommandArgument> command, Grant grant, List<EalOption> contributed,
            SortedMap<String, String> environment) {
        List<String> words = new ArrayList<>();
        for (CommandArgument argument : command) {
            words.addAll(argument.resolve(grant, contributed));
        }
        if (words.isEmpty()) {
            problems.accept(new Problem("command", "none of its parts stands for a word", "name a program first"));
            return new RightsStep.Execute(Path.of("/"), words, environment);
        }
        return new RightsStep.Execute(program(words.get(0), environment), words, environment);
    }

    private Path program(String name, SortedMap<String, String> environment) {
        if (name.indexOf('/') >= 0) {
            return givenPath(Path.of(name));
        }
        String path = environment.getOrDefault("PATH", DEFAULT_PATH);
        Optional<Path> found = search(name, path);
        if (found.isEmpty()) {
            problems.accept(new Problem("command", "there is no executable \"" + name + "\" on the PATH " + path
                    + " of the root file system", "install it there, or give its absolute path"));
        }
        return found.orElse(Path.of("/", name));
    }

    private Path givenPath(Path path) {
        if (!path.isAbsolute()) {
            problems.accept(new Problem("command", "\"" + path + "\" is a relative path", "give an absolute path"));
            return path;
        }
        // /proc/self/exe and the like exist only when the VNF does.
        if (!(root.find(path) instanceof RootView.Unknown) && !root.isExecutable(path)) {
            problems.accept(new Problem("command", describe(path), "install it there, or give another path"));
        }
        return path;
    }

    private String describe(Path path) {
        RootView.Found found = root.find(path);
        if (found instanceof RootView.LeadsOutside outside) {
            return path + ": the link " + outside.link() + " -> " + outside.target()
                    + " leads out of the root file system";
        }
        if (found instanceof RootView.Loops) {
            return path + ": there are too many links on the way";
        }
        String what = found instanceof RootView.Nothing ? " does not exist" : " is no executable file";
        return path + what + " in the root file system";
    }

    private Optional<Path> search(String name, String path) {
        for (String directory : path.split(":")) {
            Path candidate = Path.of(directory.isEmpty() ? "/" : directory).resolve(name);
            if (candidate.isAbsolute() && root.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
