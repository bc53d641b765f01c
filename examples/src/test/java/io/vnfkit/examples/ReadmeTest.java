package io.vnfkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.VnfkitException;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the README to what is really there: its Java compiles, its tests are run, its files and packages exist. */
class ReadmeTest {

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern PACKAGE = Pattern.compile("`(io\\.vnfkit(?:\\.[a-z]+)*)`");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");

    private static final List<String> LIBRARY = List.of("core", "sysfs-mask", "hugetlb", "ivshmem");

    /** The bases of all others, and what can only be a mistake of vnfkit: its own program for its own init. */
    private static final Set<String> NO_ERRORS = Set.of("VnfkitException", "KernelException", "ProgramException");

    /** What a reader takes for granted when he reads a snippet. */
    private static final String BEFORE = """
            import io.vnfkit.*;
            import io.vnfkit.cgroup.*;
            import io.vnfkit.dpdk.*;
            import io.vnfkit.dpdk.function.*;
            import io.vnfkit.dpdk.function.NetworkFunction.*;
            import io.vnfkit.dpdk.port.*;
            import io.vnfkit.dpdk.statistics.*;
            import io.vnfkit.dpdk.table.*;
            import io.vnfkit.hugetlb.*;
            import io.vnfkit.ivshmem.*;
            import io.vnfkit.ivshmem.memif.*;
            import io.vnfkit.ivshmem.memory.*;
            import io.vnfkit.ivshmem.message.*;
            import io.vnfkit.ivshmem.packet.*;
            import io.vnfkit.ivshmem.qemu.*;
            import io.vnfkit.ivshmem.vhost.*;
            import io.vnfkit.launch.*;
            import io.vnfkit.linux.*;
            import io.vnfkit.mount.*;
            import io.vnfkit.namespace.*;
            import io.vnfkit.security.*;
            import io.vnfkit.sysfs.*;
            import io.vnfkit.unit.*;
            import java.nio.ByteBuffer;
            import java.nio.file.Path;
            import java.time.Duration;
            import java.util.*;

            class Snippet {
                Vnf vnf;
                VnfLauncher launcher;
                RunningVnf running;
                String[] args;
                MacAddress neighbour;
                MacAddress own;

                void snippet() throws Exception {
            """;
    private static final String AFTER = "\n    }\n}\n";

    @TempDir
    Path classes;

    private static String readme() throws IOException {
        return Files.readString(PROJECT.resolve("README.md"));
    }

    private static List<String> find(Pattern pattern) throws IOException {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(readme());
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    static Stream<String> snippets() throws IOException {
        return find(JAVA).stream().filter(snippet -> !snippet.contains("@Test"));
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void everySnippetCompiles(String snippet) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        List<String> options = List.of(
                "-d", classes.toString(), "-proc:none", "-classpath", System.getProperty("java.class.path"));
        compiler.getTask(null, null, diagnostics, options, null, List.of(source(BEFORE + snippet + AFTER))).call();

        assertThat(diagnostics.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == javax.tools.Diagnostic.Kind.ERROR)
                .map(Object::toString)).isEmpty();
    }

    private static JavaFileObject source(String text) {
        return new SimpleJavaFileObject(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }

    @Test
    void theTestThatItShowsIsTheOneThatRuns() throws IOException {
        String file = Files.readString(PROJECT.resolve("examples/src/test/java/io/vnfkit/examples/PlacementTest.java"));
        String shown = file.substring(file.indexOf("// README begin\n") + 16, file.indexOf("// README end"));

        assertThat(find(JAVA)).contains(shown);
    }

    @Test
    void everyPackageThatItNamesExists() throws IOException {
        for (String name : find(PACKAGE)) {
            Path directory = Path.of("src/main/java", name.split("\\."));
            assertThat(Stream.of("core", "sysfs-mask", "hugetlb", "ivshmem", "examples")
                    .map(module -> PROJECT.resolve(module).resolve(directory)))
                    .as(name).anyMatch(Files::isDirectory);
        }
    }

    @Test
    void everyPackageOfTheLibraryIsNamed() throws IOException {
        List<String> packages;
        try (Stream<Path> files = Files.walk(PROJECT, 12)) {
            packages = files.filter(file -> file.endsWith("package-info.java") && file.toString().contains("/src/main/java/"))
                    .map(file -> file.toString().replaceFirst(".*/src/main/java/(.*)/package-info.java", "$1").replace('/', '.'))
                    .filter(name -> !name.startsWith("io.vnfkit.examples"))
                    .sorted().collect(Collectors.toList());
        }

        assertThat(find(PACKAGE)).containsAll(packages);
    }

    @Test
    void everyExceptionThatUsersMeetIsInTheTableOfErrors() throws Exception {
        String errors = readme().replaceFirst("(?s).*\n## Errors\n(.*?)\n## .*", "$1");
        Stream<String> named = errors.lines().filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|")[1])
                .flatMap(cell -> Stream.of(cell.split(","))).map(name -> name.strip().replace("`", ""));

        assertThat(Stream.concat(named, NO_ERRORS.stream())).containsExactlyInAnyOrderElementsOf(exceptions());
    }

    /** The names of the public exceptions of the library. */
    private static List<String> exceptions() throws Exception {
        List<String> names = new ArrayList<>();
        for (String name : classesInFilesThatEndWith("Exception.java")) {
            Class<?> type = Class.forName(name);
            if (VnfkitException.class.isAssignableFrom(type) && Modifier.isPublic(type.getModifiers())) {
                names.add(type.getSimpleName());
            }
        }
        return names;
    }

    private static List<String> classesInFilesThatEndWith(String end) throws IOException {
        List<String> classes = new ArrayList<>();
        for (String module : LIBRARY) {
            Path sources = PROJECT.resolve(module).resolve("src/main/java");
            try (Stream<Path> files = Files.walk(sources)) {
                files.filter(file -> file.toString().endsWith(end))
                        .map(file -> sources.relativize(file).toString().replaceFirst("\\.java$", "").replace('/', '.'))
                        .forEach(classes::add);
            }
        }
        return classes;
    }

    @Test
    void everyFileThatItLinksToExists() throws IOException {
        assertThat(find(LINK)).allSatisfy(link -> assertThat(PROJECT.resolve(link)).exists());
    }
}
