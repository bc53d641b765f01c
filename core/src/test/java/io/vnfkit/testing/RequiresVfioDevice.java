package io.vnfkit.testing;

import io.vnfkit.linux.KernelFiles;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test runs only where a PCI device is bound to vfio-pci.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresVfioDevice.Condition.class)
public @interface RequiresVfioDevice {

    /** Looks at the machine. */
    final class Condition extends Requirement<RequiresVfioDevice> {

        /** For JUnit. */
        public Condition() {
            super(RequiresVfioDevice.class);
        }

        @Override
        Optional<Missing> missing(RequiresVfioDevice required, KernelFiles files) {
            boolean present = files.listIfExists("/sys/bus/pci/drivers/vfio-pci").stream()
                    .anyMatch(name -> name.contains(":"));
            return Missing.unless(present, "VFIO device", "bind a PCI device with dpdk-devbind.py --bind=vfio-pci");
        }
    }
}
