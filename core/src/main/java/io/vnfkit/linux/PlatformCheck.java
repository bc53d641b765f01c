package io.vnfkit.linux;

import com.sun.jna.Native;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses platforms where the layouts of this package are wrong, and turns the JVM's errors about native code into a
 * sentence that says what to do.
 */
final class PlatformCheck {

    private static final Set<String> ARCHITECTURES = Set.of("amd64", "x86_64", "aarch64");

    private PlatformCheck() {}

    /**
     * Refuses everything else than 64-bit Linux on x86-64 and aarch64. Loads JNA's native part, which measures the C
     * types.
     */
    static void require() {
        // The names first: they need no native code, and a foreign platform has no native code to load.
        refuse(refusal(System.getProperty("os.name", ""), System.getProperty("os.arch", "")));
        refuse(refusal(Native.POINTER_SIZE, Native.LONG_SIZE, Native.SIZE_T_SIZE));
    }

    private static void refuse(Optional<String> refusal) {
        if (refusal.isPresent()) {
            throw new UnsupportedPlatformException(refusal.get(), null);
        }
    }

    static Optional<String> refusal(String system, String architecture) {
        if (system.equals("Linux") && ARCHITECTURES.contains(architecture)) {
            return Optional.empty();
        }
        return Optional.of("vnfkit runs on 64-bit Linux on x86-64 or aarch64, and this is " + system + " on "
                + architecture + "; describing and planning against a fake host works everywhere");
    }

    static Optional<String> refusal(int pointerSize, int longSize, int sizeTSize) {
        if (pointerSize == 8 && longSize == 8 && sizeTSize == 8) {
            return Optional.empty();
        }
        return Optional.of("vnfkit needs a 64-bit JVM on a 64-bit C library: pointer, long and size_t have "
                + pointerSize + ", " + longSize + " and " + sizeTSize + " bytes here instead of 8");
    }

    /** What to do about an error that came out of loading the native binding. */
    static UnsupportedPlatformException diagnose(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnsupportedPlatformException known) {
                return known;
            }
            Optional<String> cure = cure(cause);
            if (cure.isPresent()) {
                return new UnsupportedPlatformException("cannot load the native binding: " + cure.get(), failure);
            }
        }
        return new UnsupportedPlatformException("cannot load the native binding: " + failure
                + "; -Djna.debug_load=true shows where JNA looks", failure);
    }

    private static Optional<String> cure(Throwable cause) {
        // JEP 472: JDK 24 and later refuse System.load with --illegal-native-access=deny, which is to become the
        // default.
        if (cause instanceof IllegalCallerException) {
            return Optional.of("this JVM denies native access (" + cause.getMessage()
                    + "); start it with --enable-native-access=ALL-UNNAMED, or with"
                    + " --enable-native-access=com.sun.jna where JNA is on the module path");
        }
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof UnsatisfiedLinkError && message.contains("failed to map segment")) {
            // dlopen(3) maps the file executable, which the kernel refuses on a file system mounted noexec.
            return Optional.of("the directory that JNA unpacks its library to is on a file system mounted noexec ("
                    + message + "); start the JVM with -Djna.tmpdir=DIRECTORY, a directory from which code may be"
                    + " executed");
        }
        if (cause instanceof UnsatisfiedLinkError && message.contains("temporary")) {
            return Optional.of("JNA cannot unpack its library (" + message
                    + "); start the JVM with -Djna.tmpdir=DIRECTORY, a writable directory");
        }
        return Optional.empty();
    }
}
