package io.vnfkit.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.CommandArgument;
import io.vnfkit.Grant;
import io.vnfkit.Problem;
import io.vnfkit.dpdk.EalOption;
import io.vnfkit.launch.step.RightsStep.Execute;
import io.vnfkit.mount.RootFilesystem;
import io.vnfkit.testing.HostTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandResolverTest {

    @TempDir
    private Path directory;

    private final List<String> problems = new ArrayList<>();
    private HostTree host;
    private RootView view;

    @BeforeEach
    void makeHost() {
        host = HostTree.in(directory).program("/opt/vnf/run").file("/opt/vnf/text", "").program("/usr/local/bin/sh");
        view = RootView.of(host.files(), RootFilesystem.hostReadOnly()).with(Path.of("/tmp"), new RootView.EmptyTmpfs())
                .with(Path.of("/proc"), new RootView.NewFilesystem());
    }

    private Execute resolve(Map<String, String> environment, String... words) {
        List<CommandArgument> command = Arrays.stream(words).<CommandArgument>map(CommandArgument.Word::new).toList();
        return resolve(environment, command);
    }

    private Execute resolve(Map<String, String> environment, List<CommandArgument> command) {
        return new CommandResolver(view, problem -> problems.add(problem.toString()))
                .resolve(command, Grant.NONE, List.of(), new TreeMap<>(environment));
    }

    @Test
    void aNameIsFoundOnThePathOfTheVnf() {
        assertThat(resolve(Map.of("PATH", "/usr/local/bin:/bin"), "sh", "-c", "true"))
                .isEqualTo(new Execute(Path.of("/usr/local/bin/sh"), List.of("sh", "-c", "true"),
                        new TreeMap<>(Map.of("PATH", "/usr/local/bin:/bin"))));
        assertThat(resolve(Map.of("PATH", "/none:/bin:/usr/local/bin"), "sh").program()).isEqualTo(Path.of("/bin/sh"));
        assertThat(resolve(Map.of(), "sh").program()).isEqualTo(Path.of("/bin/sh"));
        assertThat(problems).isEmpty();
    }

    @Test
    void aRelativeEntryOfThePathIsPassedOver() {
        resolve(Map.of("PATH", "opt/vnf:."), "run");

        assertThat(problems).containsExactly("command: there is no executable \"run\" on the PATH opt/vnf:. of the "
                + "root file system "
                + "(install it there, or give its absolute path)");
    }

    @Test
    void anAbsolutePathIsTakenAsItIs() {
        assertThat(resolve(Map.of(), "/opt/vnf/run").program()).isEqualTo(Path.of("/opt/vnf/run"));
        assertThat(problems).isEmpty();
    }

    @Test
    void whatIsWrongWithAPathIsSaid() {
        host.link("/loop", "loop");
        resolve(Map.of(), "bin/sh");
        resolve(Map.of(), "/opt/none");
        resolve(Map.of(), "/opt/vnf/text");
        resolve(Map.of(), "/opt/vnf");
        resolve(Map.of(), "/loop");

        assertThat(problems).containsExactly(
                "command: \"bin/sh\" is a relative path (give an absolute path)",
                "command: /opt/none does not exist in the root file system (install it there, or give another path)",
                "command: /opt/vnf/text is no executable file in the root file system (install it there, or give "
                + "another path)",
                "command: /opt/vnf is no executable file in the root file system (install it there, or give another "
                + "path)",
                "command: /loop: there are too many links on the way (install it there, or give another path)");
    }

    @Test
    void aProgramOfTheHostBelowTheVnfsOwnTmpIsMissing() {
        host.program("/tmp/tool");

        resolve(Map.of(), "/tmp/tool");
        resolve(Map.of("PATH", "/tmp"), "tool");

        assertThat(problems).hasSize(2).allMatch(text -> text.contains("tool"));
    }

    @Test
    void whatProcHoldsIsLeftToTheLaunch() {
        assertThat(resolve(Map.of(), "/proc/self/exe").program()).isEqualTo(Path.of("/proc/self/exe"));
        assertThat(problems).isEmpty();
    }

    @Test
    void aLinkThatLeadsOutIsNamed() {
        host.program("/image/bin/real").link("/image/bin/out", "../../usr/bin/sh");
        view = RootView.of(host.files(), RootFilesystem.directory(Path.of("/image")));

        resolve(Map.of(), "/bin/out");

        assertThat(problems).singleElement().asString()
                .contains("/bin/out: the link /bin/out -> ../../usr/bin/sh leads out of the root file system");
    }

    @Test
    void partsThatStandForNothingAreNoCommand() {
        CommandArgument nothing = new CommandArgument() {
            @Override
            public List<String> resolve(Grant grant, List<EalOption> contributed) {
                return List.of();
            }
        };

        resolve(Map.of(), List.of(nothing));

        assertThat(problems).containsExactly(new Problem("command", "none of its parts stands for a word",
                "name a program first").toString());
    }
}
