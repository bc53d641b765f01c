package io.vnfkit.launch;

import io.vnfkit.VnfkitException;
import io.vnfkit.launch.program.Architecture;
import io.vnfkit.linux.Syscalls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * The launch init as a sealed memfd: an executable that no VNF can overwrite through /proc/self/exe (CVE-2019-5736) and that needs no
 * file system without noexec.
 */
final class InitImage {

    private final int descriptor;

    private InitImage(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Loads the init of this machine from the jar. */
    static InitImage load(Syscalls syscalls) {
        byte[] image = read(Architecture.current());
        int descriptor = sealed(syscalls, "vnfkit-init", ByteBuffer.wrap(image));
        return new InitImage(descriptor);
    }

    /** Makes a sealed memfd with a number that no descriptor of a child gets. */
    static int sealed(Syscalls syscalls, String name, ByteBuffer content) {
        int low = syscalls.memfd(name);
        int descriptor = syscalls.duplicate(low, Spawn.LOWEST_DESCRIPTOR);
        syscalls.close(low);
        while (content.hasRemaining()) {
            syscalls.write(descriptor, content);
        }
        syscalls.seal(descriptor);
        return descriptor;
    }

    private static byte[] read(Architecture architecture) {
        String resource = architecture.initResource();
        try (InputStream stream = InitImage.class.getClassLoader().getResourceAsStream(resource)) {
            if (stream == null) {
                throw new VnfkitException("the jar of vnfkit-core has no " + resource + ": it was built for another"
                        + " architecture; build it with -Dinit.architectures including this machine's");
            }
            return stream.readAllBytes();
        } catch (IOException failure) {
            throw new VnfkitException("cannot read " + resource + " from the jar of vnfkit-core", failure);
        }
    }

    /** The path to start it by. The child of posix_spawn(3) has a copy of the descriptor table until it executes this. */
    String path() {
        return "/proc/self/fd/" + descriptor;
    }
}
