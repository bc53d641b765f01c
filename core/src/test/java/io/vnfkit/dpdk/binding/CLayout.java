package io.vnfkit.dpdk.binding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Asks the compiler for values of forwarder.h. */
public final class CLayout {

    private static final String HEADER = "META-INF/forwarder/forwarder.h";

    private final Path directory;
    private final List<String> expressions = new ArrayList<>();

    public CLayout(Path directory) {
        this.directory = directory;
    }

    /** Wants the value of an integer expression. */
    public CLayout ask(String expression) {
        expressions.add(expression);
        return this;
    }

    /** Where a field of a structure lies. */
    public static String offset(String structure, String field) {
        return "offsetof(struct vnfkit_" + structure + ", " + field + ")";
    }

    /** How long a structure is. */
    public static String size(String structure) {
        return "sizeof(struct vnfkit_" + structure + ")";
    }

    /** The values, by expression. */
    public Map<String, Long> values() throws IOException, InterruptedException {
        StringBuilder body = new StringBuilder("#include \"forwarder.h\"\n#include <stdio.h>\nint main(void) {\n");
        expressions.forEach(expression -> body.append("printf(\"%lld\\n\", (long long)(").append(expression).append("));\n"));
        List<String> lines = run(body.append("return 0;\n}\n").toString(), "").lines().toList();
        Map<String, Long> values = new TreeMap<>();
        for (int i = 0; i < expressions.size(); i++) {
            values.put(expressions.get(i), Long.parseLong(lines.get(i)));
        }
        return values;
    }

    /** Compiles a program beside the header, with options for the compiler, and runs it. */
    public String run(String program, String options) throws IOException, InterruptedException {
        Files.copy(ClassLoader.getSystemResourceAsStream(HEADER), directory.resolve("forwarder.h"));
        Path source = Files.writeString(directory.resolve("layout.c"), program);
        Path executable = directory.resolve("layout");
        List<String> command = new ArrayList<>(List.of("cc", "-std=gnu11", "-o", executable.toString(), source.toString()));
        if (!options.isEmpty()) {
            command.addAll(List.of(options.split(" ")));
        }
        execute(command);
        return execute(List.of(executable.toString()));
    }

    private static String execute(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
