package io.vnfkit.linux;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A host: its files and its system calls. Everything in vnfkit that looks at a machine takes one of these, so that a
 * fake host can stand in for it.
 *
 * <p>Immutable and thread-safe.
 */
public final class Host {

    private final KernelFiles files;
    private final Supplier<Syscalls> syscalls;

    private Host(KernelFiles files, Supplier<Syscalls> syscalls) {
        this.files = files;
        this.syscalls = syscalls;
    }

    /**
     * This machine. Nothing native is loaded before the first system call.
     *
     * @return the host that the JVM runs on
     */
    public static Host thisHost() {
        return new Host(KernelFiles.host(), Syscalls::host);
    }

    /**
     * A host whose files lie below another root. Planning works on it; launching does not, since the kernel is this
     * machine's.
     *
     * @param root absolute directory with sys, proc and so on
     * @return the host
     */
    public static Host below(Path root) {
        return new Host(KernelFiles.below(root), Syscalls::host);
    }

    /**
     * A host with given files and system calls.
     *
     * @param files its files
     * @param syscalls its system calls
     * @return the host
     */
    public static Host of(KernelFiles files, Syscalls syscalls) {
        Objects.requireNonNull(syscalls, "syscalls");
        return new Host(Objects.requireNonNull(files, "files"), () -> syscalls);
    }

    /**
     * The files of the kernel.
     *
     * @return files below this host's root
     */
    public KernelFiles files() {
        return files;
    }

    /**
     * The system calls.
     *
     * @return the seam to the kernel
     * @throws UnsupportedPlatformException if the native binding cannot be loaded
     */
    public Syscalls syscalls() {
        return syscalls.get();
    }

    /**
     * Tells whether this is the machine that the JVM runs on, rather than a tree of files made for a test.
     *
     * @return true if the root is {@code /}
     */
    public boolean isThisHost() {
        return files.root().equals(Path.of("/"));
    }
}
