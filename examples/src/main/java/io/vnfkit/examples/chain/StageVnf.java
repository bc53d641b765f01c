package io.vnfkit.examples.chain;

import io.vnfkit.Vnf;
import io.vnfkit.dpdk.EalArguments;
import io.vnfkit.examples.jvm.JvmInVnf;
import io.vnfkit.ivshmem.SharedRegion;
import io.vnfkit.mount.VnfMount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A {@link Stage} as the command of a VNF: the JDK and the classes of this JVM, the region, and a directory that the VNF
 * shares with its manager.
 *
 * @param region name of the region
 * @param from channel that packets come from; empty for a generator
 * @param to channel that packets go to; empty for a sink
 * @param function what it does
 * @param shared a directory of the host, best on a tmpfs
 */
public record StageVnf(
        String region, Optional<String> from, Optional<String> to, StageFunction function, Path shared) {

    private static final Path INSIDE = Path.of("/run/shared");
    private static final String STATISTICS = "statistics";

    /**
     * Adds mounts, the region and the command to a description.
     *
     * @param vnf with CPUs and hugepages
     * @param eal what to ask of the EAL
     * @param more further words for the stage
     * @return the same description
     */
    public Vnf.Builder addTo(Vnf.Builder vnf, EalArguments eal, String... more) {
        SharedRegion packets = SharedRegion.named(region).readWrite();
        vnf.with(packets).mount(VnfMount.Bind.readWrite(shared, INSIDE));
        List<Object> words = new ArrayList<>(List.of(eal.noTelemetry(), "--",
                "--region", packets.file().toString(), "--statistics", INSIDE.resolve(STATISTICS).toString()));
        from.ifPresent(channel -> words.addAll(List.of("--from", channel)));
        to.ifPresent(channel -> words.addAll(List.of("--to", channel)));
        words.addAll(Arrays.asList(more));
        words.add(function.name().toLowerCase(Locale.ROOT));
        return JvmInVnf.command(vnf, Stage.class, words.toArray());
    }

    /**
     * Where its counters are, for {@link io.vnfkit.dpdk.statistics.StatisticsArea#open}.
     *
     * @return a file of the host
     */
    public Path statistics() {
        return shared.resolve(STATISTICS);
    }
}
