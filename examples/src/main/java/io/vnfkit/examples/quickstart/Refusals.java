package io.vnfkit.examples.quickstart;

import io.vnfkit.RunningVnf;
import io.vnfkit.examples.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Lets the VNF touch what it was not granted. */
final class Refusals {

    /** Devices that most machines have, where there is no block device. */
    private static final List<String> OTHER_DEVICES = List.of("/dev/rtc0", "/dev/hwrng", "/dev/kmsg", "/dev/loop-control");

    private final Machine machine;
    private final Optional<Path> foreignDevice;

    Refusals(Machine machine) {
        this.machine = machine;
        this.foreignDevice = findDevice();
    }

    /** A device of the host that can be read there, so that only its control group keeps the VNF from doing so. */
    Optional<Path> foreignDevice() {
        return foreignDevice;
    }

    private static Optional<Path> findDevice() {
        try (Stream<Path> blockDevices = Files.list(Path.of("/sys/class/block"))) {
            Stream<Path> nodes = blockDevices.map(device -> Path.of("/dev").resolve(device.getFileName())).sorted();
            return Stream.concat(nodes, OTHER_DEVICES.stream().map(Path::of)).filter(Refusals::canOpen).findFirst();
        } catch (IOException withoutBlockDevices) {
            return OTHER_DEVICES.stream().map(Path::of).filter(Refusals::canOpen).findFirst();
        }
    }

    private static boolean canOpen(Path device) {
        try {
            Files.newByteChannel(device).close();
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    void show(RunningVnf vnf, Report report) throws IOException {
        Inside inside = new Inside(vnf);
        if (foreignDevice.isPresent()) {
            report.print("  a bind mount puts the host's " + foreignDevice.get() + " at " + ForwardingVnf.FOREIGN_DEVICE
                    + " inside the VNF; its control group does not allow it");
            refuse(inside, report, "head -c 1 " + ForwardingVnf.FOREIGN_DEVICE, "Operation not permitted");
        } else {
            report.print("  this machine has no device that could be tried");
        }
        refuse(inside, report, "mknod /tmp/disk b 8 0", "Operation not permitted");
        refuse(inside, report, "ls /dev/mem", "No such file or directory");
        if (machine.otherCpus().isEmpty()) {
            report.print("  this machine has one CPU, so there is none that was not granted");
        } else {
            refuse(inside, report, "taskset -c " + machine.otherCpus().first() + " true", "Invalid argument");
        }
    }

    private static void refuse(Inside inside, Report report, String command, String error) throws IOException {
        HostCommand.Result result = inside.shell(command);
        report.quote("$ " + command + "\n" + result.output());
        report.check(result.exitCode() != 0 && result.output().contains(error), "refused: " + error);
    }
}
