package io.vnfkit.testing;

import io.vnfkit.linux.KernelFiles;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test runs only where a Linux security module is active.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(RequiresSecurityModule.All.class)
@ExtendWith(RequiresSecurityModule.Condition.class)
public @interface RequiresSecurityModule {

    /**
     * The security module.
     *
     * @return {@code apparmor} or {@code selinux}
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
        RequiresSecurityModule[] value();
    }

    /** Looks at the machine. */
    final class Condition extends Requirement<RequiresSecurityModule> {

        /** For JUnit. */
        public Condition() {
            super(RequiresSecurityModule.class);
        }

        @Override
        Optional<Missing> missing(RequiresSecurityModule required, KernelFiles files) {
            String module = required.value();
            return Missing.unless(isActive(module, files), "security module " + module, "boot with security=" + module);
        }

        private static boolean isActive(String module, KernelFiles files) {
            Optional<String> active = files.readIfExists("/sys/kernel/security/lsm");
            if (active.isPresent()) {
                return Arrays.asList(active.get().split(",")).contains(module);
            }
            // Without securityfs each module shows itself in a place of its own.
            return module.equals("selinux")
                    ? files.exists("/sys/fs/selinux/enforce")
                    : files.readIfExists("/sys/module/" + module + "/parameters/enabled").orElse("N").equals("Y");
        }
    }
}
