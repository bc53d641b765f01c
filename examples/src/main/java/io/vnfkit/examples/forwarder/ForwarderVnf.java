package io.vnfkit.examples.forwarder;

import io.vnfkit.Vnf;
import io.vnfkit.dpdk.EalArguments;
import io.vnfkit.examples.jvm.JvmInVnf;
import io.vnfkit.mount.VnfMount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@link Forwarder} as the command of a VNF: the JDK and the classes of this JVM, and a directory that the VNF shares
 * with its manager.
 *
 * @param shared a directory of the host, best on a tmpfs
 */
public record ForwarderVnf(Path shared) {

    private static final Path INSIDE = Path.of("/run/shared");
    private static final String STATISTICS = "statistics";
    private static final String CONTROL = "control";

    /**
     * Adds mounts and the command to a description.
     *
     * @param vnf with CPUs, hugepages and the interfaces
     * @param eal what to ask of the EAL
     * @param function what the forwarder does
     * @param interfaces names of the interfaces inside, the first of which is output 0
     * @return the same description
     */
    public Vnf.Builder addTo(Vnf.Builder vnf, EalArguments eal, VnfFunction function, List<String> interfaces) {
        vnf.mount(VnfMount.Bind.readWrite(shared, INSIDE));
        List<Object> words = new ArrayList<>(List.of(eal.noTelemetry(), "--",
                "--statistics", INSIDE.resolve(STATISTICS).toString(), "--control", INSIDE.resolve(CONTROL).toString()));
        interfaces.forEach(name -> words.addAll(List.of("--interface", name)));
        words.addAll(function.words());
        return JvmInVnf.command(vnf, Forwarder.class, words.toArray());
    }

    /**
     * Connects to the forwarder, once it has printed that it is forwarding.
     *
     * @return the connection
     * @throws IOException if it is not there
     */
    public ForwarderControl connect() throws IOException {
        return ForwarderControl.connect(shared.resolve(STATISTICS), shared.resolve(CONTROL));
    }
}
