package io.vnfkit.examples.chain;

import io.vnfkit.Vnf;
import io.vnfkit.dpdk.EalArguments;
import io.vnfkit.examples.forwarder.ClassPathInVnf;
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
        ClassPathInVnf classPath = ClassPathInVnf.ofThisJvm();
        classPath.mounts().forEach(vnf::mount);
        vnf.with(packets).mount(VnfMount.Bind.readWrite(shared, INSIDE));
        List<Object> arguments = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m",
                // JNA unpacks its library to the home directory otherwise, and the root is read-only.
                "-Djna.tmpdir=/tmp",
                // Not -cp, which a reader of EAL arguments takes for a core mask.
                "--class-path", classPath.value(), Stage.class.getName(), eal.noTelemetry(), "--",
                "--region", packets.file().toString(), "--statistics", INSIDE.resolve(STATISTICS).toString()));
        from.ifPresent(channel -> arguments.addAll(List.of("--from", channel)));
        to.ifPresent(channel -> arguments.addAll(List.of("--to", channel)));
        arguments.addAll(Arrays.asList(more));
        arguments.add(function.name().toLowerCase(Locale.ROOT));
        return vnf.command(arguments.toArray());
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
