package io.vnfkit.examples.quickstart;

import java.util.ArrayList;
import java.util.List;

/** What the quickstart prints, and which of its sections failed. Not thread-safe. */
final class Report {

    /** A part of the quickstart that can fail. */
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    private final List<String> failed = new ArrayList<>();
    private int sections;
    private String current = "";

    /** Runs a section under a heading. A failure is printed and remembered; the quickstart goes on with the next one. */
    void section(String title, Body body) {
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

    /** Prints lines as they are. */
    void print(String text) {
        System.out.println(text);
    }

    /** Prints a text with an indent, so that it stands out as the output of a program. */
    void quote(String text) {
        text.lines().forEach(line -> print("    | " + line));
    }

    /** Prints what was observed and whether it is what was expected. */
    void check(boolean holds, String observation) {
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

    /** Prints the verdict and gives the exit code. */
    int verdict() {
        print("");
        if (failed.isEmpty()) {
            print("quickstart: everything works");
            return 0;
        }
        print("quickstart: FAILED: " + String.join("; ", failed));
        return 1;
    }
}
