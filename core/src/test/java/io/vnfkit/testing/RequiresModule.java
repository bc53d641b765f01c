package io.vnfkit.testing;

import io.vnfkit.linux.KernelFiles;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test runs only where a kernel module is loaded or built in.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(RequiresModule.All.class)
@ExtendWith(RequiresModule.Condition.class)
public @interface RequiresModule {

    /**
     * The module.
     *
     * @return its name, such as {@code vfio-pci}
     */
    String value();

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
        RequiresModule[] value();
    }

    /** Looks at the machine. */
    final class Condition extends Requirement<RequiresModule> {

        /** For JUnit. */
        public Condition() {
            super(RequiresModule.class);
        }

        @Override
        Optional<Missing> missing(RequiresModule required, KernelFiles files) {
            String module = required.value();
            // Names with dashes have underscores in sysfs; a built-in module without parameters has no directory there.
            boolean present = files.isDirectory("/sys/module/" + module.replace('-', '_')) || isBuiltIn(module, files);
            return Missing.unless(present, "module " + module, "modprobe " + module);
        }

        private static boolean isBuiltIn(String module, KernelFiles files) {
            String release = files.read("/proc/sys/kernel/osrelease");
            String list = files.readIfExists("/lib/modules/" + release + "/modules.builtin").orElse("");
            return list.lines().anyMatch(line -> line.endsWith("/" + module + ".ko"));
        }
    }
}
