package io.vnfkit.launch.lifecycle;

import io.vnfkit.Vnf;
import io.vnfkit.VnfLauncher;
import io.vnfkit.VnfkitException;
import java.util.function.Supplier;

/** A JVM without rights that tries all the same. Says what it was told. Argument: name. */
final class UnprivilegedJvm {

    private UnprivilegedJvm() {}

    public static void main(String[] arguments) {
        VnfLauncher launcher = VnfLauncher.onThisHost();
        Vnf vnf = Vnf.named(arguments[0]).command("true").build();
        launcher.preflight(vnf).forEach(problem -> System.out.println("preflight " + problem));
        attempt("names", launcher::names);
        attempt("find", () -> launcher.find(arguments[0]));
        attempt("launch", () -> launcher.launch(vnf));
    }

    private static void attempt(String what, Supplier<Object> action) {
        try {
            System.out.println(what + " gave " + action.get());
        } catch (VnfkitException refusal) {
            refusal.getMessage().lines().forEach(line -> System.out.println(what + " " + line));
        }
    }
}
