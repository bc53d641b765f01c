package io.vnfkit.dpdk.binding;

import io.vnfkit.VnfkitException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Builds the forwarding core for a DPDK that the jar has none for, once per user.
 *
 * <p>A library is kept under the digest of its source and the ABI, with the digest of its own bytes beside it; one that
 * does not match is built anew. The directory belongs to this user and nobody else may write there, or it is not used:
 * whoever can write a library that a process loads is that process.
 *
 * @param directory where libraries are kept
 * @param user number of the user that the directory must belong to
 * @param compiler turns a directory with source into a library
 */
record ForwarderCache(Path directory, int user, Compiler compiler) {

    /** Runs build.sh. */
    interface Compiler {
        /** What the build printed, empty if the library is there. */
        Optional<String> build(Path source, Path library) throws IOException;
    }

    static ForwarderCache of(int user) {
        String configured = System.getenv("XDG_CACHE_HOME");
        Path base = configured != null && configured.startsWith("/")
                ? Path.of(configured) : Path.of(System.getProperty("user.home"), ".cache");
        return new ForwarderCache(base.resolve("vnfkit"), user, ForwarderCache::runBuildScript);
    }

    Path library(ForwarderSource source, DpdkAbi abi) {
        Path library = directory.resolve("forwarder-" + source.digest() + "-dpdk-" + abi.major() + ".so");
        Path digest = directory.resolve(library.getFileName() + ".sha256");
        try {
            prepare();
            if (!isIntact(library, digest)) {
                build(source, abi, library, digest);
            }
            return library;
        } catch (IOException failure) {
            throw new VnfkitException("cannot keep the forwarding core for " + abi + " in " + directory
                    + ": " + failure, failure);
        }
    }

    private void prepare() throws IOException {
        Files.createDirectories(directory.getParent());
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(directory,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        // By number: a container may have no name for its user.
        int owner = (int) Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS);
        boolean isWritable = permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE);
        if (isWritable || owner != user) {
            throw new VnfkitException(directory + " belongs to user " + owner + " with "
                    + PosixFilePermissions.toString(permissions) + ": others could put code there;"
                    + " chown it to " + user + " and chmod it to 700, or set XDG_CACHE_HOME");
        }
    }

    private static boolean isIntact(Path library, Path digest) throws IOException {
        return Files.isRegularFile(library) && Files.isRegularFile(digest)
                && Files.readString(digest).equals(digestOf(library));
    }

    private static String digestOf(Path file) throws IOException {
        return HexFormat.of().formatHex(ForwarderSource.sha256().digest(Files.readAllBytes(file)));
    }

    private void build(ForwarderSource source, DpdkAbi abi, Path library, Path digest) throws IOException {
        Path work = Files.createTempDirectory(directory, "build-");
        try {
            source.writeTo(work);
            Path built = work.resolve("libvnfkit-forwarder.so");
            Optional<String> failure = compiler.build(work, built);
            if (failure.isPresent()) {
                throw new DpdkUnavailableException("the forwarding core has to be built for " + abi
                        + ", which is installed here, and cannot be: " + failure.get()
                        + "\nOn Debian: apt-get install gcc pkg-config libdpdk-dev", null);
            }
            // First the digest: a library without the right one is no library.
            Files.writeString(work.resolve("digest"), digestOf(built));
            Files.move(work.resolve("digest"), digest, StandardCopyOption.ATOMIC_MOVE);
            Files.move(built, library, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(work);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private static Optional<String> runBuildScript(Path source, Path library) throws IOException {
        Process build = new ProcessBuilder("sh", source.resolve("build.sh").toString(), library.toString())
                .redirectErrorStream(true).start();
        build.getOutputStream().close();
        String output = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            int status = build.waitFor();
            return status == 0 ? Optional.empty() : Optional.of(output + " (exit status " + status + ")");
        } catch (InterruptedException interrupted) {
            build.destroy();
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }
}
