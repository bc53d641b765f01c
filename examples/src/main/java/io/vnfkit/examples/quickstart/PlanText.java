package io.vnfkit.examples.quickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes the text of a plan fit a screen: lines of one kind that follow each other are shown as their first and a count. */
final class PlanText {

    private static final int WIDTH = 110;
    private static final int SHOWN = 2;
    /** A numbered step: what it does, and the first two directories of the path it does it to. */
    private static final Pattern STEP = Pattern.compile(" *\\d+\\. ([a-z ]+\\S* ?(?:/[^/ ]*){1,2}).*");

    private PlanText() {}

    static String shorten(String plan) {
        List<String> shown = new ArrayList<>();
        String kind = "";
        int alike = 0;
        for (String line : plan.lines().toList()) {
            String next = kind(line);
            alike = next.equals(kind) ? alike + 1 : 1;
            kind = next;
            if (alike <= SHOWN) {
                shown.add(line.length() <= WIDTH ? line : line.substring(0, WIDTH - 3) + "...");
            } else if (alike == SHOWN + 1) {
                shown.add("       ...");
            }
        }
        return String.join("\n", shown);
    }

    /** Masks are many small files and directories; they count as one kind. */
    private static String kind(String line) {
        if (line.contains(". ") && line.contains(" /dev/.vnfkit-masks/") && !line.contains(" over /")) {
            return "masks";
        }
        Matcher step = STEP.matcher(line);
        return step.matches() ? step.group(1) : line;
    }
}
