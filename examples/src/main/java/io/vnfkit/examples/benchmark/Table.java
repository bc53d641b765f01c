package io.vnfkit.examples.benchmark;

import io.vnfkit.examples.benchmark.Distribution.Summary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table of text: the first column to the left, numbers to the right. Not thread-safe. */
public final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    /**
     * A table without rows.
     *
     * @param headings of the columns
     */
    public Table(String... headings) {
        rows.add(List.of(headings));
    }

    /** A table of distributions. */
    static Table ofDistributions(String what) {
        return new Table(what, "median", "10%", "90%", "fastest", "slowest", "count");
    }

    /**
     * Adds a row.
     *
     * @param cells one for each column
     * @return this
     */
    public Table row(Object... cells) {
        rows.add(Arrays.stream(cells).map(Object::toString).toList());
        return this;
    }

    Table distribution(String name, Summary summary) {
        return row(name, number(summary.median()), number(summary.percentile10()), number(summary.percentile90()),
                number(summary.minimum()), number(summary.maximum()), summary.count());
    }

    static String number(double value) {
        return Math.abs(value) < 10 ? String.format("%.3f", value) : String.format("%.0f", value);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                int width = width(column);
                text.append(String.format("%" + (column == 0 ? "-" : "") + (width + 2) + "s", row.get(column)));
            }
            text.append(System.lineSeparator());
        }
        return text.toString();
    }

    private int width(int column) {
        return rows.stream().filter(row -> column < row.size()).mapToInt(row -> row.get(column).length()).max()
                .orElse(1);
    }
}
