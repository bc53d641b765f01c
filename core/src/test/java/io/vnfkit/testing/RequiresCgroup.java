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
 * The test runs only where a control group hierarchy of a version is mounted, with a controller.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(RequiresCgroup.All.class)
@ExtendWith(RequiresCgroup.Condition.class)
public @interface RequiresCgroup {

    /**
     * The version.
     *
     * @return 1 or 2
     */
    int version();

    /**
     * The controller.
     *
     * @return its name, such as {@code cpuset}; empty if any hierarchy of the version will do, as for devices in
     *     version 2
     */
    String controller() default "";

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
        RequiresCgroup[] value();
    }

    /** Looks at the machine. */
    final class Condition extends Requirement<RequiresCgroup> {

        /** For JUnit. */
        public Condition() {
            super(RequiresCgroup.class);
        }

        @Override
        Optional<Missing> missing(RequiresCgroup required, KernelFiles files) {
            boolean present = files.readLines("/proc/self/mountinfo").stream()
                    .anyMatch(line -> isOffered(line, required, files));
            String thing = "cgroup v" + required.version() + (required.controller().isEmpty() ? "" : " ")
                    + required.controller();
            String cure = required.version() == 1
                    ? "mount -t cgroup, or boot with systemd.unified_cgroup_hierarchy=0"
                    : "mount -t cgroup2, or boot with systemd.unified_cgroup_hierarchy=1";
            return Missing.unless(present, thing, cure);
        }

        private static boolean isOffered(String line, RequiresCgroup required, KernelFiles files) {
            // proc_pid_mountinfo(5): the mount point is field 5; type, source and super options follow a lone dash.
            String[] fields = line.split(" ");
            String[] tail = line.substring(line.indexOf(" - ") + 3).split(" ");
            if (!tail[0].equals(required.version() == 1 ? "cgroup" : "cgroup2")) {
                return false;
            }
            String controllers = required.version() == 1
                    ? tail[2].replace(',', ' ')
                    : files.readIfExists(fields[4] + "/cgroup.controllers").orElse("");
            return required.controller().isEmpty()
                    || Arrays.asList(controllers.split(" ")).contains(required.controller());
        }
    }
}
