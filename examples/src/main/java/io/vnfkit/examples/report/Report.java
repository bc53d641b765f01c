package io.vnfkit.examples.report;

import java.util.ArrayList;
import java.util.List;

/** What a program prints that shows something, and which of its sections failed. Not thread-safe. */
public final class Report {

    /** A part of the program that can fail. */
    @FunctionalInterface
    public interface Body {
        /**
         * Runs it.
         *
         * @throws Exception if it fails
         */
        void run() throws Exception;
    }

    private final String program;
    private final List<String> failed = new ArrayList<>();
    private int sections;
    private String current = "";

    /**
     * Begins a report.
     *
     * @param program its name, for the verdict
     */
    public Report(String program) {
        this.program = program;
    }

    /**
     * Runs a section under a heading. A failure is printed and remembered; the program goes on with the next one.
     *
     * @param title the heading
     * @param body what to run
     */
    public void section(String title, Body body) {
        sections++;
        String outer = current;
        current = title;
        print("");
        print("--- " + sections + ". " + title);
        try {
            body.run();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            fail("interrupted");
        } catch (Exception failure) {
            fail(failure.toString());
        } finally {
            current = outer;
        }
    }

    /**
     * Prints lines as they are.
     *
     * @param text the lines
     */
    public void print(String text) {
        System.out.println(text);
    }

    /**
     * Prints a text with an indent, so that it stands out as the output of a program.
     *
     * @param text the lines
     */
    public void quote(String text) {
        text.lines().forEach(line -> print("    | " + line));
    }

    /**
     * Prints what was observed and whether it is what was expected.
     *
     * @param holds whether it is
     * @param observation what was observed
     */
    public void check(boolean holds, String observation) {
        if (holds) {
            print("  ok: " + observation);
        } else {
            fail(observation);
        }
    }

    private void fail(String observation) {
        print("  FAILED: " + observation);
        if (!failed.contains(current)) {
            failed.add(current);
        }
    }

    /**
     * Prints the verdict.
     *
     * @return the exit code: 0 if nothing failed
     */
    public int verdict() {
        print("");
        if (failed.isEmpty()) {
            print(program + ": everything works");
            return 0;
        }
        print(program + ": FAILED: " + String.join("; ", failed));
        return 1;
    }
}
