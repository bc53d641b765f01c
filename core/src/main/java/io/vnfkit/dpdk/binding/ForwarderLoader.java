package io.vnfkit.dpdk.binding;

import com.sun.jna.NativeLibrary;
import io.vnfkit.linux.Syscalls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds DPDK by exact soname, the newest supported ABI first, and the forwarding core for it: from the jar, or built
 * from the source in the jar.
 *
 * <p>An exact name, because librte_eal.so without a number is whatever was installed last, and the layouts of DPDK's
 * structures change with the number.
 */
public final class ForwarderLoader {

    private static final int VERSION = 3;

    private ForwarderLoader() {}

    /** Loads once; a failure is kept too, since nothing that would change it can be undone in a process. */
    private static final class Loaded {
        static final Object RESULT = load();

        private static Object load() {
            try {
                // Says what is wrong with the platform before JNA says something else.
                Syscalls syscalls = Syscalls.host();
                DpdkAbi abi = findAbi(DpdkAbi.SUPPORTED, name -> NativeLibrary.getInstance(name));
                ForwarderLibrary.bind(NativeLibrary.getInstance(libraryFor(syscalls, abi)));
                return verified(abi);
            } catch (RuntimeException failure) {
                return failure;
            } catch (LinkageError failure) {
                return new DpdkUnavailableException("the forwarding core does not load: " + failure.getMessage(), failure);
            }
        }
    }

    /**
     * Loads DPDK and the forwarding core into this process, at the first call.
     *
     * @return the core
     * @throws DpdkUnavailableException if there is none that fits
     */
    public static Forwarder load() {
        if (Loaded.RESULT instanceof RuntimeException failure) {
            throw new DpdkUnavailableException(failure.getMessage(), failure);
        }
        return (Forwarder) Loaded.RESULT;
    }

    private static Forwarder verified(DpdkAbi abi) {
        int version = ForwarderLibrary.vnfkit_version();
        if (version != VERSION) {
            throw new DpdkUnavailableException("the forwarding core for " + abi + " has version " + version
                    + " of the contract instead of " + VERSION + ": the jar was put together wrongly", null);
        }
        return new NativeForwarder();
    }

    static DpdkAbi findAbi(List<DpdkAbi> candidates, Consumer<String> open) {
        List<String> tried = new ArrayList<>();
        for (DpdkAbi abi : candidates) {
            try {
                open.accept(abi.ealSoname());
                return abi;
            } catch (UnsatisfiedLinkError failure) {
                tried.add("\n  - " + abi.ealSoname() + ": " + firstLine(failure));
            }
        }
        throw new DpdkUnavailableException("no DPDK that the forwarding core can work with; tried"
                + String.join("", tried)
                + "\nOn Debian: apt-get install dpdk-dev, or librte-meta-net and librte-meta-mempool to run only", null);
    }

    private static String firstLine(UnsatisfiedLinkError failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("not found").strip();
    }

    private static String libraryFor(Syscalls syscalls, DpdkAbi abi) {
        Optional<byte[]> prebuilt = prebuilt(abi);
        if (prebuilt.isPresent()) {
            return memfd(syscalls, prebuilt.get());
        }
        Path built = ForwarderCache.of(syscalls.effectiveUserId()).library(ForwarderSource.fromJar(), abi);
        return built.toString();
    }

    private static Optional<byte[]> prebuilt(DpdkAbi abi) {
        String machine = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
        String resource = "META-INF/native/linux-" + machine + "/dpdk-" + abi.major() + "/libvnfkit-forwarder.so";
        try (InputStream stream = ForwarderLoader.class.getClassLoader().getResourceAsStream(resource)) {
            return stream == null ? Optional.empty() : Optional.of(stream.readAllBytes());
        } catch (IOException failure) {
            throw new DpdkUnavailableException("cannot read " + resource + " from the jar of vnfkit-core", failure);
        }
    }

    /** A memfd needs no directory that is writable and lets code be executed. It stays open: JNA may look at it again. */
    private static String memfd(Syscalls syscalls, byte[] library) {
        int descriptor = syscalls.memfd("vnfkit-forwarder");
        ByteBuffer content = ByteBuffer.wrap(library);
        while (content.hasRemaining()) {
            syscalls.write(descriptor, content);
        }
        syscalls.seal(descriptor);
        return "/proc/self/fd/" + descriptor;
    }
}
