package io.vnfkit.examples.shared;

import io.vnfkit.StandardStreams;
import io.vnfkit.Stdio;
import io.vnfkit.Vnf;
import io.vnfkit.examples.jvm.JvmInVnf;
import io.vnfkit.ivshmem.SharedRegion;

/** A VNF with one of the two programs: namespaces of its own, and of all that is outside nothing but the region. */
final class PeerVnf {

    static final String PRODUCER = "example-producer";
    static final String CONSUMER = "example-consumer";

    private PeerVnf() {}

    static Vnf producer() {
        return describe(PRODUCER, Producer.class);
    }

    static Vnf consumer() {
        return describe(CONSUMER, Consumer.class);
    }

    private static Vnf describe(String name, Class<?> program) {
        SharedRegion region = SharedRegion.named(SharedObjects.REGION).readWrite();
        Vnf.Builder vnf = Vnf.named(name)
                .namespaces(ns -> ns.isolateAll().hostname(name))
                .with(region)
                .streams(StandardStreams.outputTo(Stdio.pipe()));
        return JvmInVnf.command(vnf, program, region.file().toString()).build();
    }
}
