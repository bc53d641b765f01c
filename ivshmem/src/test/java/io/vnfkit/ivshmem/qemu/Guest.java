package io.vnfkit.ivshmem.qemu;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.testing.GuestKernel;
import io.vnfkit.testing.HostShell;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A small Linux in QEMU whose only process is the program of src/test/c/guest. */
final class Guest implements AutoCloseable {

    private static final Path SOURCE = Path.of("src/test/c/guest");
    private static final List<String> MODULES = List.of("vfio_iommu_type1", "vfio-pci");

    private final Process process;
    private final Path console;
    private final Path messages;

    private Guest(Process process, Path console, Path messages) {
        this.process = process;
        this.console = console;
        this.messages = messages;
    }

    /** Boots it. */
    static Guest boot(Path directory, QemuArguments... devices) throws IOException {
        GuestKernel kernel = GuestKernel.find(KernelFiles.host()).orElseThrow();
        Path initramfs = directory.resolve("initramfs");
        Files.write(initramfs, initramfs(kernel, program(directory)));
        Path console = directory.resolve("console");
        Path messages = directory.resolve("qemu");
        List<String> command = new ArrayList<>();
        // MSI-X reaches vfio only through an IOMMU that remaps interrupts.
        Collections.addAll(command, "qemu-system-x86_64", "-machine", "q35,kernel-irqchip=split", "-accel", "tcg",
                "-cpu", "max", "-m", "256", "-device", "intel-iommu,intremap=on", "-nodefaults", "-display", "none",
                "-no-reboot", "-serial", "file:" + console, "-kernel", kernel.image().toString(),
                "-initrd", initramfs.toString(), "-append", "console=ttyS0 quiet panic=-1 intel_iommu=on");
        for (QemuArguments device : devices) {
            command.addAll(device.words());
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true).redirectOutput(messages.toFile())
                .redirectInput(new File("/dev/null")).start();
        return new Guest(process, console, messages);
    }

    private static Path program(Path directory) {
        Path program = directory.resolve("guest");
        HostShell.run("gcc -std=c11 -D_GNU_SOURCE -O1 -static -Wall -Wextra -Werror -o " + program + " " + SOURCE
                + "/*.c");
        return program;
    }

    private static byte[] initramfs(GuestKernel kernel, Path program) throws IOException {
        Initramfs initramfs = new Initramfs();
        List.of("dev", "proc", "sys", "modules").forEach(initramfs::directory);
        StringBuilder order = new StringBuilder();
        for (Path module : kernel.moduleFiles(MODULES)) {
            initramfs.file("modules/" + module.getFileName(), Files.readAllBytes(module));
            order.append(module.getFileName()).append('\n');
        }
        return initramfs.file("modules/order", order.toString().getBytes())
                .file("init", Files.readAllBytes(program)).bytes();
    }

    /** What it and its QEMU said, for the message of a failure. */
    String output() throws IOException {
        return "QEMU: " + Files.readString(messages) + "\nconsole: "
                + (Files.exists(console) ? Files.readString(console) : "");
    }

    /** Waits until it has switched itself off. */
    int awaitEnd() throws IOException, InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the guest does not end: " + output());
        }
        return process.exitValue();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** Ends it whatever it does. */
    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
