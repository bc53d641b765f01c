package io.vnfkit.testing;

import io.vnfkit.linux.KernelFiles;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test runs only where commands are installed.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(RequiresCommand.All.class)
@ExtendWith(RequiresCommand.Condition.class)
public @interface RequiresCommand {

    /**
     * The commands.
     *
     * @return their names, to be found on the PATH or among the commands of the administrator
     */
    String[] value();

    /**
     * Where they come from.
     *
     * @return the Debian package; empty if it has the name of the command
     */
    String debianPackage() default "";

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
        RequiresCommand[] value();
    }

    /** Looks at the machine. */
    final class Condition extends Requirement<RequiresCommand> {

        /** For JUnit. */
        public Condition() {
            super(RequiresCommand.class);
        }

        @Override
        Optional<Missing> missing(RequiresCommand required, KernelFiles files) {
            return Arrays.stream(required.value())
                    .map(command -> missing(command, required.debianPackage(), files))
                    .flatMap(Optional::stream)
                    .findFirst();
        }

        static Optional<Missing> missing(String command, String debianPackage, KernelFiles files) {
            String source = debianPackage.isEmpty() ? command : debianPackage;
            return Missing.unless(isInstalled(command, files), "command " + command, "apt-get install " + source);
        }

        private static boolean isInstalled(String command, KernelFiles files) {
            String path = System.getenv().getOrDefault("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin";
            return Arrays.stream(path.split(":"))
                    .filter(directory -> directory.startsWith("/"))
                    .map(directory -> files.resolve(directory + "/" + command))
                    .anyMatch(file -> Files.isRegularFile(file) && Files.isExecutable(file));
        }
    }
}
