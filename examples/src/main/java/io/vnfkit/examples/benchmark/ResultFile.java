package io.vnfkit.examples.benchmark;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes what was measured, with the machine it was measured on. */
public final class ResultFile {

    private static final Gson JSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeSpecialFloatingPointValues().create();

    private ResultFile() {}

    /** The content of a result file. */
    private record Result(String benchmark, List<Goal> goals, Map<String, ?> parameters, Map<String, ?> results,
            MeasuredMachine machine) {}

    /**
     * Writes {@code DIRECTORY/NAME.json} and prints the verdict.
     *
     * @param directory where to
     * @param name of the benchmark
     * @param machine it was measured on
     * @param parameters of the measurement
     * @param results what was measured
     * @param goals and how far they are
     * @return the exit code for the program: 0 if all goals are met
     * @throws IOException if the file cannot be written
     */
    public static int write(Path directory, String name, MeasuredMachine machine, Map<String, ?> parameters,
            Map<String, ?> results, List<Goal> goals) throws IOException {
        goals.forEach(System.out::println);
        Files.createDirectories(directory);
        Path file = directory.resolve(name + ".json");
        Files.writeString(file, JSON.toJson(new Result(name, goals, parameters, results, machine)) + "\n");
        System.out.println("written to " + file);
        return goals.stream().allMatch(Goal::met) ? 0 : 1;
    }
}
