package io.vnfkit.examples.jvm;

import io.vnfkit.mount.VnfMount;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The class path of this JVM for a JVM in a VNF. Each entry is mounted, because a VNF has a {@code /tmp} of its own, and
 * its root without capabilities cannot go through the private directories of other users.
 *
 * @param mounts one for each entry
 * @param value the class path inside
 */
record ClassPathInVnf(List<VnfMount> mounts, String value) {

    private static final Path DIRECTORY = Path.of("/run/class-path");

    /**
     * That of this JVM.
     *
     * @return mounts and value
     */
    static ClassPathInVnf ofThisJvm() {
        return of(System.getProperty("java.class.path"));
    }

    /** The same for another class path. Entries that are not there are left out, as a JVM does. */
    static ClassPathInVnf of(String classPath) {
        List<VnfMount> mounts = new ArrayList<>();
        List<String> inside = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            Path source = Path.of(entry).toAbsolutePath().normalize();
            if (entry.isEmpty() || !Files.exists(source)) {
                continue;
            }
            // By number: jars of different directories may have the same name.
            Path target = DIRECTORY.resolve(mounts.size() + "-" + source.getFileName());
            mounts.add(VnfMount.Bind.readOnly(source, target));
            inside.add(target.toString());
        }
        return new ClassPathInVnf(List.copyOf(mounts), String.join(File.pathSeparator, inside));
    }
}
