package io.vnfkit.namespace;

import java.nio.file.Path;
import java.util.Objects;

/** Where a VNF's namespace of one kind comes from. */
public sealed interface NamespaceSource {

    /** A new one, made for this VNF. */
    record Fresh() implements NamespaceSource {}

    /** That of the JVM. */
    record Inherited() implements NamespaceSource {}

    /**
     * One that a file stands for, such as {@code /run/netns/left}.
     *
     * @param path absolute path
     */
    record OfPath(Path path) implements NamespaceSource {

        /** Checks the path. */
        public OfPath {
            if (!path.isAbsolute()) {
                throw new IllegalArgumentException("not an absolute path: " + path);
            }
        }
    }

    /**
     * That of a process.
     *
     * @param pid its id as the JVM sees it
     */
    record OfProcess(long pid) implements NamespaceSource {

        /** Checks the id. */
        public OfProcess {
            if (pid < 1) {
                throw new IllegalArgumentException("not a process id: " + pid);
            }
        }
    }

    /**
     * That of a VNF which runs on the same host.
     *
     * @param name the VNF's name
     */
    record OfVnf(String name) implements NamespaceSource {

        /** Checks the name. */
        public OfVnf {
            Objects.requireNonNull(name, "name");
        }
    }
}
