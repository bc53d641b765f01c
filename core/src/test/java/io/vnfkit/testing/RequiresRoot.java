package io.vnfkit.testing;

import io.vnfkit.linux.KernelFiles;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test runs only as root. Annotate it with {@code @Tag("root")} too, so that plain builds leave it out.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresRoot.Condition.class)
public @interface RequiresRoot {

    /** Looks at the machine. */
    final class Condition extends Requirement<RequiresRoot> {

        /** For JUnit. */
        public Condition() {
            super(RequiresRoot.class);
        }

        @Override
        Optional<Missing> missing(RequiresRoot required, KernelFiles files) {
            boolean root = files.readLines("/proc/self/status").stream()
                    .filter(line -> line.startsWith("Uid:"))
                    .anyMatch(line -> line.split("\\s+")[2].equals("0"));
            return Missing.unless(root, "root", "run the build with sudo, or examples/verify");
        }
    }
}
