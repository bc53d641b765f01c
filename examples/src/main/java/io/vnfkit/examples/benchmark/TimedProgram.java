package io.vnfkit.examples.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A contestant that is a C program: it runs all the time, launches at each line of its standard input, and answers with
 * the three times in nanoseconds. So its own start is not in them.
 */
final class TimedProgram implements Contestant {

    private final String name;
    private final Process process;
    private final OutputStream requests;
    private final BufferedReader answers;

    private TimedProgram(String name, Process process) {
        this.name = name;
        this.process = process;
        this.requests = process.getOutputStream();
        this.answers = process.inputReader(StandardCharsets.US_ASCII);
    }

    static TimedProgram start(String name, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        return new TimedProgram(name, builder.start());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public LaunchTiming launch() throws IOException {
        requests.write('\n');
        requests.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the contestant " + name + " ended; it has printed why");
        }
        long[] nanoseconds = Arrays.stream(answer.split(" ")).mapToLong(Long::parseLong).toArray();
        return new LaunchTiming(nanoseconds[0], nanoseconds[1], nanoseconds[2]);
    }

    @Override
    public void close() throws IOException {
        // The end of its input is the end of the program.
        requests.close();
        process.onExit().join();
        answers.close();
    }
}
