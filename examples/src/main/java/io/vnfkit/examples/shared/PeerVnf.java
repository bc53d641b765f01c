package io.vnfkit.examples.shared;

import io.vnfkit.StandardStreams;
import io.vnfkit.Stdio;
import io.vnfkit.Vnf;
import io.vnfkit.examples.forwarder.ClassPathInVnf;
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
        ClassPathInVnf classPath = ClassPathInVnf.ofThisJvm();
        Vnf.Builder vnf = Vnf.named(name)
                .namespaces(ns -> ns.isolateAll().hostname(name))
                .with(region)
                .streams(StandardStreams.outputTo(Stdio.pipe()));
        classPath.mounts().forEach(vnf::mount);
        return vnf.command(System.getProperty("java.home") + "/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                // JNA unpacks its library to the home directory otherwise, and the root is read-only.
                "-Xmx64m", "-Djna.tmpdir=/tmp", "--class-path", classPath.value(), program.getName(),
                region.file().toString()).build();
    }
}
