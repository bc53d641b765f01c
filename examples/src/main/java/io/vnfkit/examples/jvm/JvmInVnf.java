package io.vnfkit.examples.jvm;

import io.vnfkit.Vnf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A program of this class path as the command of a VNF, in a small JVM of the JDK that runs this one. */
public final class JvmInVnf {

    private JvmInVnf() {}

    /**
     * Adds the class path and the command to a description.
     *
     * @param vnf the description
     * @param program a class with a main method
     * @param words its arguments, as for {@link Vnf.Builder#command}
     * @return the same description
     */
    public static Vnf.Builder command(Vnf.Builder vnf, Class<?> program, Object... words) {
        ClassPathInVnf classPath = ClassPathInVnf.ofThisJvm();
        classPath.mounts().forEach(vnf::mount);
        List<Object> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m",
                // JNA unpacks its library to the home directory otherwise, and the root is read-only.
                "-Djna.tmpdir=/tmp",
                // Not -cp, which a reader of EAL arguments takes for a core mask.
                "--class-path", classPath.value(), program.getName()));
        command.addAll(Arrays.asList(words));
        return vnf.command(command.toArray());
    }
}
