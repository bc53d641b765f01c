package io.vnfkit.examples.benchmark;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options that all benchmarks take. */
public final class Options {

    @Option(names = "--programs", defaultValue = "examples/target/benchmark",
            description = "directory of the compiled C programs (${DEFAULT-VALUE})")
    public Path programs;

    /** Directory for the result files. */
    @Option(names = "--results", defaultValue = "examples/results",
            description = "directory for the result files (${DEFAULT-VALUE})")
    public Path results;

    /** How the program was called. */
    @Option(names = "--command", defaultValue = "examples/benchmark",
            description = "how this program was called, for the result file")
    public String command;
}
