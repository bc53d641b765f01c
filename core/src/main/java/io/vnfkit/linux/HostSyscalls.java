package io.vnfkit.linux;

/** Placeholder until the binding exists. */
final class HostSyscalls {
    private HostSyscalls() {}

    static Syscalls instance() {
        throw new UnsupportedPlatformException("no native binding", null);
    }
}
