package io.vnfkit.examples.lab;

import io.vnfkit.RunningCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Waits for what a program prints. */
final class Started {

    private Started() {}

    /** Reads its standard output up to a text; the rest stays unread. */
    static String await(RunningCommand program, String text) throws IOException {
        StringBuilder output = new StringBuilder();
        InputStream stream = program.standardOutput();
        byte[] octets = new byte[4096];
        while (output.indexOf(text) < 0) {
            int count = stream.read(octets);
            if (count < 0) {
                throw new AssertionError("ended before it said \"" + text + "\": " + output
                        + new String(program.standardError().readAllBytes(), StandardCharsets.UTF_8));
            }
            output.append(new String(octets, 0, count, StandardCharsets.UTF_8));
        }
        return output.toString();
    }
}
