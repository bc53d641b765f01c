package io.vnfkit.testing;

import io.vnfkit.linux.KernelFiles;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test runs only on a JDK that is new enough.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresJdk.Condition.class)
public @interface RequiresJdk {

    /**
     * The oldest release that will do.
     *
     * @return such as 24
     */
    int value();

    /** Looks at the machine. */
    final class Condition extends Requirement<RequiresJdk> {

        /** For JUnit. */
        public Condition() {
            super(RequiresJdk.class);
        }

        @Override
        Optional<Missing> missing(RequiresJdk required, KernelFiles files) {
            boolean present = Runtime.version().feature() >= required.value();
            return Missing.unless(present, "JDK " + required.value(), "run the build with a newer JAVA_HOME");
        }
    }
}
