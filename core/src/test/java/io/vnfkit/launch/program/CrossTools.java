package io.vnfkit.launch.program;

import io.vnfkit.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What builds and runs programs of the architecture that this machine is not: a cross compiler, a static C library, and
 * an emulator of single programs.
 *
 * @param architecture the other architecture
 * @param debianCompiler the Debian package of its compiler
 * @param debianLibrary the Debian package of its C library
 */
record CrossTools(Architecture architecture, String debianCompiler, String debianLibrary) {

    static CrossTools ofTheOtherArchitecture() {
        return switch (Architecture.current()) {
            case X86_64 -> new CrossTools(Architecture.AARCH64, "gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross");
            case AARCH64 -> new CrossTools(Architecture.X86_64, "gcc-x86-64-linux-gnu", "libc6-dev-amd64-cross");
        };
    }

    String emulator() {
        return "qemu-" + architecture.kernelName() + "-static";
    }

    void requireEmulator() {
        Needs.command(emulator(), "qemu-user-static");
    }

    void requireCompilerAndLibrary() {
        String triplet = architecture.kernelName() + "-linux-gnu";
        Needs.command(triplet + "-gcc", debianCompiler);
        Needs.thing(Files.exists(Path.of("/usr", triplet, "lib", "libc.a")),
                "static C library for " + architecture.kernelName(), "apt-get install " + debianLibrary);
    }

    void requireInit() {
        Needs.thing(ClassLoader.getSystemResource(architecture.initResource()) != null,
                "init for " + architecture.kernelName(), "build without -Dinit.architectures");
    }
}
