package io.vnfkit.testing;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.unit.PageSize;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test runs only where huge pages are free. It does not reserve any.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(RequiresFreeHugepages.All.class)
@ExtendWith(RequiresFreeHugepages.Condition.class)
public @interface RequiresFreeHugepages {

    /**
     * Their size.
     *
     * @return such as {@code 2M}
     */
    String size() default "2M";

    /**
     * How many the test takes.
     *
     * @return number of pages
     */
    int count();

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
        RequiresFreeHugepages[] value();
    }

    /** Looks at the machine. */
    final class Condition extends Requirement<RequiresFreeHugepages> {

        /** For JUnit. */
        public Condition() {
            super(RequiresFreeHugepages.class);
        }

        @Override
        Optional<Missing> missing(RequiresFreeHugepages required, KernelFiles files) {
            PageSize size = PageSize.parse(required.size());
            String pool = "/sys/kernel/mm/hugepages/" + size.sysfsName() + "/";
            // Free pages that a mapping has reserved are spoken for.
            long free = number(files, pool + "free_hugepages") - number(files, pool + "resv_hugepages");
            return Missing.unless(
                    free >= required.count(),
                    "free hugepages of " + size,
                    required.count() + " needed and " + free + " free: echo N > " + pool + "nr_hugepages");
        }

        private static long number(KernelFiles files, String path) {
            return files.readIfExists(path).map(Long::parseLong).orElse(0L);
        }
    }
}
