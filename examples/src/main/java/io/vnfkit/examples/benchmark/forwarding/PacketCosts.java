package io.vnfkit.examples.benchmark.forwarding;

import io.vnfkit.examples.benchmark.Distribution.Summary;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What packets cost, by other units than time.
 *
 * @param tscHertz cycles per second of the time stamp counter, which need not be those of the CPU
 * @param instructions how to count them
 */
record PacketCosts(long tscHertz, InstructionCounter instructions) {

    private static final double MILLION = 1e6;

    static PacketCosts ofThisMachine(Placement placement) throws IOException {
        try (Vnfkit asked = Vnfkit.start(placement, Scene.of(Scene.Kind.NONE))) {
            return new PacketCosts(asked.tscHertz(), InstructionCounter.probe());
        }
    }

    /**
     * Cycles that lcores spend on a packet if they do nothing but forward.
     *
     * @param rate in millions of packets per second, of all lcores together
     * @param lcores how many
     */
    Summary cycles(Summary rate, int lcores) {
        double cycles = lcores * tscHertz / MILLION;
        // The lowest rate is the highest cost.
        return new Summary(rate.count(), rounded(cycles / rate.maximum()), rounded(cycles / rate.percentile90()),
                rounded(cycles / rate.median()), rounded(cycles / rate.percentile10()),
                rounded(cycles / rate.minimum()));
    }

    Map<String, Summary> cycles(Map<String, Summary> rates, int lcores) {
        Map<String, Summary> costs = new LinkedHashMap<>();
        rates.forEach((name, rate) -> costs.put(name, cycles(rate, lcores)));
        return costs;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
