package io.vnfkit.testing;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A test or class that was skipped.
 *
 * @param missing for want of what
 * @param name its class, with its method where it is a single test
 * @param tests how many tests it stands for
 */
record SkippedTest(Missing missing, String name, long tests) {

    /** A line of the file: thing, cure, test, separated by tabs. */
    String line() {
        return oneLine(missing.thing()) + "\t" + oneLine(missing.cure()) + "\t" + name;
    }

    /** The class whose test a line is about. */
    static String classOf(String line) {
        String name = line.substring(line.lastIndexOf('\t') + 1);
        return name.contains("#") ? name.substring(0, name.indexOf('#')) : name;
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ");
    }

    /** What a person reads at the end of a run: one block for each missing thing. */
    static String table(List<SkippedTest> skipped) {
        Map<String, List<SkippedTest>> byThing = skipped.stream().collect(Collectors.groupingBy(
                test -> test.missing().reason(), TreeMap::new, Collectors.toList()));
        long count = skipped.stream().mapToLong(SkippedTest::tests).sum();
        StringBuilder table = new StringBuilder("Skipped: " + count + "\n");
        byThing.forEach((reason, tests) -> {
            table.append("  ").append(oneLine(reason)).append('\n');
            tests.stream().sorted(Comparator.comparing(SkippedTest::name)).forEach(test -> table
                    .append("    ")
                    .append(simple(test.name()))
                    .append(test.tests() > 1 ? " (" + test.tests() + " tests)" : "")
                    .append('\n'));
        });
        return table.toString();
    }

    private static String simple(String name) {
        int hash = name.indexOf('#');
        String type = hash < 0 ? name : name.substring(0, hash);
        String method = hash < 0 ? "" : name.substring(hash).replace('#', '.');
        return type.substring(type.lastIndexOf('.') + 1) + method;
    }
}
