package io.vnfkit.examples.benchmark.forwarding;

import io.vnfkit.examples.benchmark.Distribution.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Draws ratios as bars from zero, with a line at 1 and a thin line from the tenth to the ninetieth percentile. */
final class RatioPlot {

    private static final int ROW = 26;
    private static final int LABELS = 330;
    private static final int ONE = 300;
    private static final int WIDTH = LABELS + ONE * 3 / 2 + 60;
    private static final double HIGHEST = 1.5;

    private final StringBuilder shapes = new StringBuilder();
    private int rows;

    private RatioPlot() {}

    static void write(Path file, Map<String, Summary> ratios) throws IOException {
        RatioPlot plot = new RatioPlot();
        ratios.forEach(plot::bar);
        Files.writeString(file, plot.toString());
    }

    private static int at(double ratio) {
        return LABELS + (int) Math.round(ONE * Math.min(HIGHEST, ratio));
    }

    private void bar(String label, Summary ratio) {
        int top = rows++ * ROW + 8;
        int middle = top + 8;
        add("<text x='%d' y='%d' text-anchor='end'>%s</text>", LABELS - 8, middle + 4, label);
        add("<rect x='%d' y='%d' width='%d' height='16' fill='%s'/>", LABELS, top, at(ratio.median()) - LABELS,
                ratio.median() >= 1 ? "#4a8f5c" : "#b5793c");
        add("<line x1='%d' y1='%d' x2='%d' y2='%d' stroke='#222'/>", at(ratio.percentile10()), middle,
                at(ratio.percentile90()), middle);
        add("<text x='%d' y='%d'>%.2f</text>", Math.max(at(ratio.percentile90()), at(ratio.median())) + 6, middle + 4,
                ratio.median());
    }

    private void add(String format, Object... values) {
        shapes.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    @Override
    public String toString() {
        int height = rows * ROW + 10;
        return String.format(Locale.ROOT, "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d'"
                + " font-family='sans-serif' font-size='13'>%n<rect width='100%%' height='100%%' fill='white'/>%n%s"
                + "<line x1='%d' y1='0' x2='%d' y2='%d' stroke='#222' stroke-dasharray='4 3'/>%n</svg>%n",
                WIDTH, height, shapes, at(1), at(1), height);
    }
}
