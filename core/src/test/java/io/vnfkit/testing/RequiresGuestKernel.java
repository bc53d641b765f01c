package io.vnfkit.testing;

import io.vnfkit.linux.KernelFiles;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test runs only where a kernel for emulated machines has been downloaded.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresGuestKernel.Condition.class)
public @interface RequiresGuestKernel {

    /** Looks at the machine. */
    final class Condition extends Requirement<RequiresGuestKernel> {

        /** For JUnit. */
        public Condition() {
            super(RequiresGuestKernel.class);
        }

        @Override
        Optional<Missing> missing(RequiresGuestKernel required, KernelFiles files) {
            return Missing.unless(GuestKernel.find(files).isPresent(), "guest kernel",
                    "examples/verify downloads it on x86-64");
        }
    }
}
