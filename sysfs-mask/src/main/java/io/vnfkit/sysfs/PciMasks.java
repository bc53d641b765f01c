package io.vnfkit.sysfs;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.Mask;
import io.vnfkit.mount.Mask.Directory;
import io.vnfkit.mount.Mask.Link;
import io.vnfkit.unit.PciAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What stands in for /sys/bus/pci/devices, and covers the devices behind it. */
final class PciMasks {

    private static final String PROC_BUS_PCI = "/proc/bus/pci";

    /** A root bus such as pci0000:00, or a bridge such as 0000:00:1c.0. */
    private static final Pattern PCI_DIRECTORY = Pattern.compile(
            "pci\\p{XDigit}{4,8}:\\p{XDigit}{2}|\\p{XDigit}{4,8}:\\p{XDigit}{2}:\\p{XDigit}{2}\\.[0-7]");

    private final PciDevices host;
    private final List<PciAddress> all;
    private final List<PciAddress> granted;

    PciMasks(PciDevices host, List<PciAddress> granted) {
        this.host = host;
        this.all = host.list();
        this.granted = granted;
    }

    private boolean nothingHidden() {
        return granted.containsAll(all);
    }

    /**
     * Links as the kernel makes them: they are relative and resolve from the masked place. A link that dangles would
     * make the EAL give up its scan.
     */
    Optional<Mask> links() {
        if (nothingHidden()) {
            return Optional.empty();
        }
        MaskFiles directory = new MaskFiles();
        granted.forEach(address -> directory.add(address.toString(), new Link(host.linkTarget(address))));
        return Optional.of(Mask.over(PciDevices.DEVICES.toString(), directory.directory()));
    }

    List<Mask> directories(KernelFiles files) {
        List<Mask> masks = new ArrayList<>();
        if (nothingHidden()) {
            return masks;
        }
        coveredDirectories().forEach(path -> masks.add(new Mask(path, Directory.EMPTY)));
        if (files.isDirectory(PROC_BUS_PCI)) {
            masks.add(Mask.over(PROC_BUS_PCI, Directory.EMPTY));
        }
        return masks;
    }

    /**
     * The highest directories that hold no granted device: a whole root bus where possible. A bridge with a granted
     * device behind it has to stay.
     */
    private Set<Path> coveredDirectories() {
        Set<Path> kept = new HashSet<>();
        granted.forEach(address -> addWithParents(host.directory(address), kept));
        Set<Path> covered = new TreeSet<>();
        for (PciAddress address : all) {
            Path directory = host.directory(address);
            if (!kept.contains(directory)) {
                covered.add(highest(directory, kept));
            }
        }
        return covered;
    }

    private static void addWithParents(Path directory, Set<Path> kept) {
        for (Path parent = directory; parent != null; parent = parent.getParent()) {
            kept.add(parent);
        }
    }

    private static Path highest(Path directory, Set<Path> kept) {
        Path highest = directory;
        while (PCI_DIRECTORY.matcher(highest.getParent().getFileName().toString()).matches()
                && !kept.contains(highest.getParent())) {
            highest = highest.getParent();
        }
        return highest;
    }
}
