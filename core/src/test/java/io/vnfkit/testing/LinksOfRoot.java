package io.vnfkit.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The symbolic links in the root file system of an emulated machine or of a VNF. Seen from this machine they lead
 * elsewhere: an absolute one, such as /var/run, to the directory of this machine that has the same name. JUnit warns of
 * each when it deletes a temporary directory, so a test that makes such links takes them away itself.
 */
public final class LinksOfRoot {

    private LinksOfRoot() {}

    /**
     * Removes the links below a directory, and nothing that they lead to.
     *
     * @param root the directory
     */
    public static void remove(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path link : files.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
