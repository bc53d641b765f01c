package io.vnfkit.dpdk.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.VnfkitException;
import io.vnfkit.linux.Syscalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForwarderCacheTest {

    private static final DpdkAbi ABI = new DpdkAbi(23, "22.11 to 23.07");
    private static final int USER = Syscalls.host().effectiveUserId();
    private static final ForwarderSource SOURCE = source("int x;");

    @TempDir
    private Path directory;
    private int builds;

    private static ForwarderSource source(String content) {
        return new ForwarderSource(Map.of("a.c", content.getBytes(StandardCharsets.UTF_8), "build.sh", new byte[0]));
    }

    private ForwarderCache cache(Path where) {
        return new ForwarderCache(where, USER, (source, library) -> {
            builds++;
            Files.writeString(library, "library of " + Files.readString(source.resolve("a.c")));
            return Optional.empty();
        });
    }

    private ForwarderCache cache() {
        return cache(directory.resolve("cache").resolve("vnfkit"));
    }

    private static List<Path> filesOf(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    @Test
    void aLibraryIsBuiltOnceForEachSourceAndAbi() throws IOException {
        Path library = cache().library(SOURCE, ABI);
        assertThat(library).hasContent("library of int x;");
        assertThat(cache().library(SOURCE, ABI)).isEqualTo(library);
        assertThat(builds).isOne();
        assertThat(cache().library(SOURCE, new DpdkAbi(24, "23.11"))).isNotEqualTo(library);
        assertThat(cache().library(source("int y;"), ABI)).hasContent("library of int y;");
        assertThat(builds).isEqualTo(3);
        assertThat(filesOf(library.getParent())).as("three libraries with their digests, nothing else").hasSize(6);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(library.getParent()))).isEqualTo("rwx------");
    }

    @Test
    void aDamagedLibraryIsBuiltAnew() throws IOException {
        Path library = cache().library(SOURCE, ABI);
        Files.writeString(library, "library of somebody else");
        assertThat(cache().library(SOURCE, ABI)).hasContent("library of int x;");
        Files.delete(library.resolveSibling(library.getFileName() + ".sha256"));
        cache().library(SOURCE, ABI);
        Files.delete(library);
        cache().library(SOURCE, ABI);
        assertThat(builds).isEqualTo(4);
    }

    @Test
    void aDirectoryThatOthersCanWriteIsNotUsed() throws IOException {
        for (String permissions : List.of("rwxrwx---", "rwx----w-", "rwxrwxrwx")) {
            Path open = Files.createDirectory(directory.resolve(permissions));
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(permissions));
            assertThatThrownBy(() -> cache(open).library(SOURCE, ABI)).isInstanceOf(VnfkitException.class)
                    .hasMessageContaining(open.toString()).hasMessageContaining(permissions)
                    .hasMessageContaining("chmod");
        }
        assertThat(builds).isZero();
    }

    @Test
    void aDirectoryOfAnotherUserIsNotUsed() {
        ForwarderCache ofAnother = new ForwarderCache(directory.resolve("vnfkit"), USER + 1, (source, library) -> {
            throw new AssertionError("built for somebody else");
        });
        assertThatThrownBy(() -> ofAnother.library(SOURCE, ABI)).isInstanceOf(VnfkitException.class)
                .hasMessageContaining("belongs to user " + USER).hasMessageContaining("chown it to " + (USER + 1));
    }

    @Test
    void aLinkToADirectoryIsNotUsed() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), Files.createDirectory(directory.resolve("real")));
        assertThatThrownBy(() -> cache(link).library(SOURCE, ABI)).isInstanceOf(VnfkitException.class)
                .hasMessageContaining(link.toString());
        assertThat(builds).isZero();
    }

    @Test
    void whatTheCompilerSaysIsInTheMessageAndNothingIsKept() throws IOException {
        ForwarderCache failing = new ForwarderCache(
                directory.resolve("vnfkit"), USER, (source, library) -> Optional.of("no headers of DPDK (exit status 1)"));
        assertThatThrownBy(() -> failing.library(SOURCE, ABI)).isInstanceOf(DpdkUnavailableException.class)
                .hasMessageContaining("DPDK 22.11 to 23.07 (ABI 23)")
                .hasMessageContaining("no headers of DPDK (exit status 1)")
                .hasMessageContaining("apt-get install gcc pkg-config libdpdk-dev");
        assertThat(filesOf(directory.resolve("vnfkit"))).isEmpty();
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> cache(file.resolve("vnfkit")).library(SOURCE, ABI)).isInstanceOf(VnfkitException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void theDigestDependsOnNamesAndContents() {
        assertThat(source("a").digest()).isNotEqualTo(source("b").digest()).hasSize(64);
        assertThat(new ForwarderSource(Map.of("b.c", new byte[0])).digest())
                .isNotEqualTo(new ForwarderSource(Map.of("a.c", new byte[0])).digest());
        assertThat(source("a").digest()).isEqualTo(source("a").digest());
        assertThat(ForwarderSource.fromJar().files()).containsKeys("build.sh", "forwarder.h", "task.c");
    }
}
