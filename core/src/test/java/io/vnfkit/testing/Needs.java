package io.vnfkit.testing;

import io.vnfkit.linux.KernelFiles;
import org.opentest4j.TestAbortedException;

/**
 * What a test needs and no annotation can say, because it is known only while the test runs. A test skips itself
 * through this alone: a plain assumption names nothing, so in strict mode {@link UnnamedSkip} makes it a failure.
 */
public final class Needs {

    private Needs() {}

    /**
     * Skips the running test unless a thing is there; in strict mode fails it, unless that thing may be missing.
     *
     * @param present whether it is there
     * @param thing its name, as it stands on the list of allowed skips; no comma and no parenthesis
     * @param cure how to get it
     */
    public static void thing(boolean present, String thing, String cure) {
        Missing.unless(present, thing, cure).ifPresent(Needs::leaveOut);
    }

    /**
     * Skips the running test unless a command is installed, as {@link RequiresCommand} does.
     *
     * @param command its name
     * @param debianPackage where it comes from
     */
    public static void command(String command, String debianPackage) {
        RequiresCommand.Condition.missing(command, debianPackage, KernelFiles.host()).ifPresent(Needs::leaveOut);
    }

    private static void leaveOut(Missing missing) {
        Strictness.ofThisRun().requireAllowed(missing);
        throw new TestAbortedException(missing.reason());
    }
}
