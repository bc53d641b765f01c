package io.vnfkit.linux;

import io.vnfkit.linux.Syscalls.ResourceLimit;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.posix.RLimit;

/**
 * The calls that jnr-posix has. It brings a second native library and generates code at its first call, which takes
 * some hundred milliseconds: so only calls that no launch depends on come here, and nothing is loaded before the first
 * of them.
 */
final class PosixLibrary {

    private static final class Loaded {
        static final POSIX POSIX_CALLS = load();

        private static POSIX load() {
            POSIX posix = POSIXFactory.getPOSIX();
            if (!posix.isNative()) {
                // jnr falls back to an imitation in Java that runs commands such as id(1).
                throw new UnsupportedPlatformException("jnr-posix cannot load its native library;"
                        + " -Djffi.tmpdir=DIRECTORY names a directory from which code may be executed", null);
            }
            return posix;
        }
    }

    private PosixLibrary() {}

    private static POSIX posix() {
        try {
            return Loaded.POSIX_CALLS;
        } catch (LinkageError failure) {
            throw PlatformCheck.diagnose(failure);
        }
    }

    /** chown(2) of a path in ASCII: jnr encodes others in file.encoding, which need not be that of file names. */
    static void chown(String path, int uid, int gid) {
        POSIX posix = posix();
        if (posix.chown(path, uid, gid) != 0) {
            int number = posix.errno();
            throw HostSyscalls.failed("chown", HostSyscalls.quoted(path) + ", " + uid + ", " + gid, number);
        }
    }

    static ResourceLimit getrlimit(int resource) {
        POSIX posix = posix();
        RLimit limit;
        try {
            limit = posix.getrlimit(resource);
        } catch (RuntimeException failure) {
            // jnr-posix reports the errno of this one call as a plain RuntimeException.
            SystemCallException refused = HostSyscalls.failed("getrlimit", "" + resource, posix.errno());
            refused.initCause(failure);
            throw refused;
        }
        return new ResourceLimit(limit.rlimCur(), limit.rlimMax());
    }
}
