package io.vnfkit.testing;

import io.vnfkit.linux.KernelFiles;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test runs only where an IOMMU is on.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresIommu.Condition.class)
public @interface RequiresIommu {

    /** Looks at the machine. */
    final class Condition extends Requirement<RequiresIommu> {

        /** For JUnit. */
        public Condition() {
            super(RequiresIommu.class);
        }

        @Override
        Optional<Missing> missing(RequiresIommu required, KernelFiles files) {
            boolean present = !files.listIfExists("/sys/kernel/iommu_groups").isEmpty();
            return Missing.unless(present, "IOMMU",
                    "enable VT-d or AMD-Vi in the firmware and boot with intel_iommu=on");
        }
    }
}
