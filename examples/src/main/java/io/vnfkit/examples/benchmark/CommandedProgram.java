package io.vnfkit.examples.benchmark;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process that takes lines and answers with lines. */
public final class CommandedProgram implements AutoCloseable {

    private static final int REMEMBERED = 30;

    /** How a process is ended after its input has. */
    public interface End {

        /**
         * Ends it.
         *
         * @throws IOException if it cannot be ended
         */
        void end() throws IOException;
    }

    /** The program ended before it printed what was waited for. */
    public static final class EndedException extends IOException {

        private static final long serialVersionUID = 1L;

        private final String lastLine;

        private EndedException(String message, String lastLine) {
            super(message);
            this.lastLine = lastLine;
        }

        /**
         * What it printed last, which is where programs say why they end.
         *
         * @return the line, empty if there is none
         */
        public String lastLine() {
            return lastLine;
        }
    }

    private final String name;
    private final long pid;
    private final BufferedWriter requests;
    private final BufferedReader answers;
    private final End end;
    private final Deque<String> last = new ArrayDeque<>();

    /**
     * A process that runs already.
     *
     * @param name of it, for messages
     * @param pid its id
     * @param requests what it reads
     * @param answers what it prints
     * @param end how it is ended
     */
    public CommandedProgram(String name, long pid, OutputStream requests, InputStream answers, End end) {
        this.name = name;
        this.pid = pid;
        this.requests = new BufferedWriter(new OutputStreamWriter(requests, StandardCharsets.UTF_8));
        this.answers = new BufferedReader(new InputStreamReader(answers, StandardCharsets.UTF_8));
        this.end = end;
    }

    /**
     * Starts a process, whose error messages count as answers.
     *
     * @param name of it, for messages
     * @param command program and arguments
     * @return the process; closing sends it SIGTERM after the end of its input
     * @throws IOException if it cannot be started
     */
    public static CommandedProgram start(String name, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new CommandedProgram(name, process.pid(), process.getOutputStream(), process.getInputStream(), () -> {
            process.destroy();
            process.onExit().join();
        });
    }

    /**
     * The process.
     *
     * @return its id on the host
     */
    public long pid() {
        return pid;
    }

    /**
     * Sends a line.
     *
     * @param line without its end
     * @throws IOException if the process has ended
     */
    public void send(String line) throws IOException {
        requests.write(line + "\n");
        requests.flush();
    }

    /**
     * The next line that contains the pattern. What comes before it is passed over.
     *
     * @param pattern what it contains
     * @return the match
     * @throws IOException if there is none
     */
    public Matcher await(Pattern pattern) throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            remember(line);
            Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
                return matcher;
            }
        }
        throw new EndedException(name + " ended before it printed \"" + pattern + "\". Its last lines:\n  "
                + String.join("\n  ", last), last.isEmpty() ? "" : last.getLast().strip());
    }

    private void remember(String line) {
        last.add(line);
        if (last.size() > REMEMBERED) {
            last.remove();
        }
    }

    /** Ends the process: by the end of its input, or by a signal if it does not care. */
    @Override
    public void close() throws IOException {
        try {
            requests.close();
        } catch (IOException gone) {
            // It has ended already, which is what is wanted.
        }
        end.end();
        answers.close();
    }
}
