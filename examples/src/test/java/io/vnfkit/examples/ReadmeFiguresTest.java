package io.vnfkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Holds the tables of measurements in the README to what was measured: builds each from the results, row by row. */
class ReadmeFiguresTest {

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    /** What a benchmark has written. */
    private record Measured(JsonObject results, Iterable<JsonElement> goals) {

        static Measured of(String benchmark) throws IOException {
            JsonObject file = JsonParser.parseString(
                    Files.readString(PROJECT.resolve("examples/results/" + benchmark + ".json"))).getAsJsonObject();
            return new Measured(file.getAsJsonObject("results"), file.getAsJsonArray("goals"));
        }

        /** The distributions under a title, in the order in which they were measured. */
        List<JsonObject> distributions(String title) {
            assertThat(results.keySet()).contains(title);
            return results.getAsJsonObject(title).entrySet().stream()
                    .map(entry -> entry.getValue().getAsJsonObject()).toList();
        }

        /** The medians under a title. */
        List<Double> medians(String title) {
            return distributions(title).stream().map(distribution -> distribution.get("median").getAsDouble()).toList();
        }

        Optional<JsonObject> goal(String begin) {
            return StreamSupport.stream(goals.spliterator(), false).map(JsonElement::getAsJsonObject)
                    .filter(goal -> goal.get("what").getAsString().startsWith(begin)).findFirst();
        }
    }

    private static String rounded(double value, int digits) {
        return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP).toPlainString();
    }

    /** As the tables show rates. */
    private static String number(double value) {
        return rounded(value, value >= 100 ? 0 : value >= 10 ? 1 : 2);
    }

    /** The first two, which are vnfkit and its peer. */
    private static String pair(List<Double> values) {
        return number(values.get(0)) + ", " + number(values.get(1));
    }

    private static String ratio(JsonObject distribution, int digits) {
        return rounded(distribution.get("median").getAsDouble(), digits)
                + " (" + rounded(distribution.get("percentile10").getAsDouble(), digits)
                + " to " + rounded(distribution.get("percentile90").getAsDouble(), digits) + ")";
    }

    private static String verdict(JsonObject goal) {
        return goal.get("met").getAsBoolean() ? "met" : "**missed**";
    }

    private static String limit(JsonObject goal) {
        return rounded(goal.get("limit").getAsDouble(), 2);
    }

    /** A row of Markdown. */
    private static String row(String... cells) {
        return Stream.of(cells).map(cell -> cell.isEmpty() ? " |" : " " + cell + " |").collect(Collectors.joining("", "|", ""));
    }

    /** The rows of all tables of a section, without their headings. */
    private static List<String> rows(String section) throws IOException {
        String readme = Files.readString(PROJECT.resolve("README.md"));
        String from = readme.substring(readme.indexOf("\n### " + section + "\n") + 5);
        List<String> lines = from.substring(0, from.indexOf("\n##")).lines().toList();
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            boolean isHeading = i + 1 < lines.size() && lines.get(i + 1).startsWith("|---");
            if (lines.get(i).startsWith("| ") && !isHeading) {
                rows.add(lines.get(i));
            }
        }
        return rows;
    }

    @Test
    void forwarding() throws IOException {
        Measured measured = Measured.of("forwarding");

        assertThat(rows("Forwarding")).containsExactly(
                rates(measured, "none; `testpmd` io", "none"),
                rates(measured, "l2fwd, addresses set; `testpmd` mac", "l2fwd, addresses set"),
                rates(measured, "l2fwd, addresses swapped; `testpmd` macswap", "l2fwd, addresses swapped"),
                rates(measured, "none in a loop of `net_ring`, burst 1; `testpmd` io", "none in a loop of rings, burst 1"),
                rates(measured, "none in a loop of `net_ring`, burst 8; `testpmd` io", "none in a loop of rings, burst 8"),
                rates(measured, "none in a loop of `net_ring`, burst 32; `testpmd` io", "none in a loop of rings, burst 32"),
                rates(measured, "none in a loop of `net_ring`, burst 256; `testpmd` io", "none in a loop of rings, burst 256"),
                rates(measured, "none, 2 queues, 1 lcore; `testpmd` io", "none, 2 queues, 1 lcore"),
                rates(measured, "none, 2 queues, 2 lcores; `testpmd` io", "none, 2 queues, 2 lcores"),
                rates(measured, "none over two memif links; `testpmd` io", "none over two memif links"),
                rates(measured, "none over channels of a region, frames of 64 bytes; the same over memif",
                        "chain over a region; over memif, frames of 64 bytes"),
                rates(measured, "none over channels of a region, frames of 1518 bytes; the same over memif",
                        "chain over a region; over memif, frames of 1518 bytes"),
                rates(measured, "l3fwd, 2 routes; DPDK's l3fwd, LPM", "l3fwd, 2 routes"),
                rates(measured, "l3fwd, 1,000 routes; DPDK's l3fwd, LPM", "l3fwd, 1000 routes"),
                rates(measured, "none in a container; on the host", "none in a container and on the host"),
                gaps(measured, "longest gap in 200 ms, in a container; on the host",
                        measured.medians("longest gap of a sample, container and host, microseconds"), 0,
                        "longest gap in a container"),
                gaps(measured, "longest gap in 200 ms, JVM collecting garbage; at rest",
                        measured.medians("longest gap of a sample, by what the JVM does, microseconds"), 1,
                        "longest gap while the JVM collects"),
                bySize(measured, "l3fwd with checksums verified, by number of routes, millions of packets/s",
                        "l3fwd by routes, with checksums"),
                bySize(measured, "BNG upstream, by number of subscribers", "BNG upstream by subscribers"),
                bySize(measured, "BNG downstream, by number of subscribers", "BNG downstream by subscribers"),
                changes(measured),
                start(measured));
    }

    private static String rates(Measured measured, String label, String title) {
        List<Double> rates = measured.medians(title + ", millions of packets/s");
        return row(label, number(rates.get(0)), number(rates.get(1)),
                pair(measured.medians(title + ", TSC cycles per packet")),
                ratio(measured.distributions(title + ", ratio").get(0), 3),
                measured.goal(title + ": rate by that of ").map(goal -> limit(goal) + ": " + verdict(goal)).orElse(""));
    }

    private static String gaps(Measured measured, String label, List<Double> medians, int disturbed, String goal) {
        double longer = medians.get(disturbed);
        double other = medians.get(1 - disturbed);
        JsonObject held = measured.goal(goal).orElseThrow();
        assertThat(held.get("measured").getAsDouble()).isEqualTo(longer / other);
        return row(label, rounded(longer, 0) + " us", rounded(other, 0) + " us", "", rounded(longer / other, 3),
                limit(held) + ": " + verdict(held));
    }

    private static String bySize(Measured measured, String label, String title) {
        JsonObject sizes = measured.results().getAsJsonObject(title + ", millions of packets/s");
        return row(label, sizes.entrySet().stream().map(entry -> String.format("%,d: %s", Integer.parseInt(entry.getKey()),
                number(entry.getValue().getAsJsonObject().get("median").getAsDouble()))).collect(Collectors.joining(", ")));
    }

    private static String changes(Measured measured) {
        List<Double> rates = measured.medians("l3fwd while 100000 routes change, millions of packets/s");
        return row("changing 100,000 of 1,000,000 routes in one call",
                rounded(measured.medians("changing 100000 of 1000000 routes in one call, milliseconds").get(0), 0)
                        + " ms; forwarding meanwhile " + number(rates.get(1)) + ", before " + number(rates.get(0)));
    }

    private static String start(Measured measured) {
        Iterator<Double> times = measured.medians("start of a forwarder on two null devices, milliseconds").iterator();
        return row("`rte_eal_init`; ports and tasks made; first packet", rounded(times.next(), 0) + " ms; "
                + rounded(times.next(), 0) + " ms; " + rounded(times.next(), 1) + " ms");
    }

    @Test
    void idleTimeOverTheRegion() throws IOException {
        Measured measured = Measured.of("forwarding");
        String sentence = "Over the region the forwarder is idle for " + idle(measured, 64) + " (64 bytes) and "
                + idle(measured, 1518) + " percent (1518 bytes) of its time";

        assertThat(Files.readString(PROJECT.resolve("README.md")).replaceAll("\\s+", " ")).contains(sentence);
    }

    private static String idle(Measured measured, int frame) {
        return rounded(measured.medians("chain over a region; over memif, frames of " + frame
                + " bytes, time of the forwarding lcore without packets, about, percent").get(0), 0);
    }

    @Test
    void sharedMemory() throws IOException {
        Measured measured = Measured.of("ivshmem");

        assertThat(rows("Shared memory")).containsExactly(
                distances(measured, "messages of 64 bytes, copied in; Agrona `OneToOneRingBuffer`",
                        "messages of 64 bytes, copied in, read up to 64 at once"),
                distances(measured, "the same between two JVMs",
                        "messages of 64 bytes between two JVMs, copied in, read up to 64 at once"),
                distances(measured, "messages of 8 bytes", "messages of 8 bytes, copied in, read up to 64 at once"),
                distances(measured, "messages of 256 bytes", "messages of 256 bytes, copied in, read up to 64 at once"),
                distances(measured, "messages of 1500 bytes", "messages of 1500 bytes, copied in, read up to 64 at once"),
                distances(measured, "messages of 64 bytes, written in place",
                        "messages of 64 bytes, written in place, read up to 64 at once"),
                distances(measured, "messages of 1500 bytes, two words of them written in place",
                        "messages of 1500 bytes, written in place, read up to 64 at once"),
                distances(measured, "descriptors, Java to C, one by one; rte_ring, C to C", "descriptors in batches of up to 1"),
                distances(measured, "in batches of 8", "descriptors in batches of up to 8"),
                distances(measured, "in batches of 32", "descriptors in batches of up to 32"),
                distances(measured, "in batches of 64", "descriptors in batches of up to 64"),
                distances(measured, "in batches of 256", "descriptors in batches of up to 256"),
                distances(measured, "descriptors in one JVM, one by one; JCTools `SpscArrayQueue`",
                        "descriptors in one JVM, in batches of up to 1"),
                distances(measured, "in batches of 8", "descriptors in one JVM, in batches of up to 8"),
                distances(measured, "in batches of 64", "descriptors in one JVM, in batches of up to 64"),
                distances(measured, "in batches of 256", "descriptors in one JVM, in batches of up to 256"),
                roundTrip(measured, "message of 64 bytes in one JVM, vnfkit", "message of 64 bytes, in one JVM", 0),
                roundTrip(measured, "the same, Agrona `OneToOneRingBuffer`", "message of 64 bytes, in one JVM", 1),
                roundTrip(measured, "descriptor, Java and Java", "descriptor", 0),
                roundTrip(measured, "descriptor, Java and C", "descriptor", 1),
                roundTrip(measured, "descriptor, C and C, rte_ring", "descriptor", 2));
    }

    private static String distances(Measured measured, String label, String title) {
        List<String> cells = new ArrayList<>(List.of(label));
        for (String distance : List.of("near", "far")) {
            String group = title + ", CPUs " + distance;
            boolean seen = measured.results().has(group + ", ratio");
            cells.add(seen ? pair(measured.medians(group + ", millions/s")) : "");
            cells.add(seen ? ratio(measured.distributions(group + ", ratio").get(0), 2) : "");
        }
        cells.add(goals(measured, title));
        return row(cells.toArray(String[]::new));
    }

    private static String goals(Measured measured, String title) {
        Optional<JsonObject> near = measured.goal(title + ", CPUs near: ");
        Optional<JsonObject> far = measured.goal(title + ", CPUs far: ");
        if (near.isEmpty()) {
            assertThat(far).as("a goal between distant CPUs alone").isEmpty();
            return "";
        }
        String first = limit(near.get()) + ": " + verdict(near.get());
        if (far.isEmpty()) {
            return first + " near";
        }
        boolean alike = verdict(near.get()).equals(verdict(far.get()));
        return alike ? first : first + " near, " + verdict(far.get()) + " far";
    }

    private static String roundTrip(Measured measured, String label, String what, int contestant) {
        List<String> cells = new ArrayList<>(List.of(label));
        for (String distance : List.of("near", "far")) {
            JsonObject latencies = measured.distributions(
                    "round trip of a " + what + ", CPUs " + distance + ", nanoseconds").get(contestant);
            cells.add(Stream.of("median", "percentile99", "percentile999")
                    .map(name -> latencies.get(name).getAsString()).collect(Collectors.joining(", ")));
        }
        return row(cells.toArray(String[]::new));
    }
}
