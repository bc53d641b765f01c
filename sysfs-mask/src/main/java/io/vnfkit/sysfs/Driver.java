package io.vnfkit.sysfs;

import java.util.Set;

/** What a PCI device is bound to. Immutable and thread-safe. */
public sealed interface Driver {

    /**
     * Name of the driver in /sys/bus/pci/drivers.
     *
     * @return the name; {@code none} for {@link None}
     */
    String name();

    /**
     * Tells whether a program in user space can own the device, or share it with the kernel's driver.
     *
     * @return true for the drivers that DPDK works with
     */
    boolean usableByDpdk();

    /** vfio-pci: user space owns the device, the IOMMU confines its DMA. */
    record VfioPci() implements Driver {
        @Override
        public String name() {
            return "vfio-pci";
        }

        @Override
        public boolean usableByDpdk() {
            return true;
        }
    }

    /** uio_pci_generic: user space owns the device, nothing confines its DMA. */
    record UioPciGeneric() implements Driver {
        @Override
        public String name() {
            return "uio_pci_generic";
        }

        @Override
        public boolean usableByDpdk() {
            return true;
        }
    }

    /** igb_uio of dpdk-kmods: user space owns the device, nothing confines its DMA. */
    record IgbUio() implements Driver {
        @Override
        public String name() {
            return "igb_uio";
        }

        @Override
        public boolean usableByDpdk() {
            return true;
        }
    }

    /**
     * Any other driver: the kernel owns the device.
     *
     * @param name its name
     */
    record Kernel(String name) implements Driver {

        /** These leave the device to the kernel's driver and open queues of it through /dev/infiniband. */
        private static final Set<String> BIFURCATED = Set.of("mlx4_core", "mlx5_core", "mana");

        @Override
        public boolean usableByDpdk() {
            return BIFURCATED.contains(name);
        }
    }

    /** No driver at all. */
    record None() implements Driver {
        @Override
        public String name() {
            return "none";
        }

        @Override
        public boolean usableByDpdk() {
            return false;
        }
    }

    /**
     * The driver of a name.
     *
     * @param name as in /sys/bus/pci/drivers
     * @return the driver
     */
    static Driver named(String name) {
        return switch (name) {
            case "vfio-pci" -> new VfioPci();
            case "uio_pci_generic" -> new UioPciGeneric();
            case "igb_uio" -> new IgbUio();
            default -> new Kernel(name);
        };
    }
}
