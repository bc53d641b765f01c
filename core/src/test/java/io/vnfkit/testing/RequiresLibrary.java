package io.vnfkit.testing;

import io.vnfkit.linux.KernelFiles;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test runs only where a shared library is installed. It is looked for, not loaded.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(RequiresLibrary.All.class)
@ExtendWith(RequiresLibrary.Condition.class)
public @interface RequiresLibrary {

    /**
     * The library.
     *
     * @return its soname, such as {@code librte_eal.so.23}
     */
    String value();

    /**
     * Where it comes from.
     *
     * @return the Debian package
     */
    String debianPackage();

    /** Several of them. */
    @Target({ElementType.TYPE, ElementType.METHOD})
    @Retention(RetentionPolicy.RUNTIME)
    @ExtendWith(Condition.class)
    @interface All {
        /**
         * The single ones.
         *
         * @return all of them, which must all hold
         */
        RequiresLibrary[] value();
    }

    /** Looks at the machine. */
    final class Condition extends Requirement<RequiresLibrary> {

        /** For JUnit. */
        public Condition() {
            super(RequiresLibrary.class);
        }

        private static final List<String> DIRECTORIES = List.of(
                "/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib", "/lib/x86_64-linux-gnu",
                "/usr/lib/x86_64-linux-gnu", "/usr/local/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu",
                "/usr/lib/aarch64-linux-gnu", "/usr/local/lib/aarch64-linux-gnu");

        @Override
        Optional<Missing> missing(RequiresLibrary required, KernelFiles files) {
            boolean present = DIRECTORIES.stream()
                    .anyMatch(directory -> files.exists(directory + "/" + required.value()));
            return Missing.unless(
                    present, "library " + required.value(), "apt-get install " + required.debianPackage());
        }
    }
}
