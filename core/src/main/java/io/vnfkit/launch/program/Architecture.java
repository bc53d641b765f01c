package io.vnfkit.launch.program;

import io.vnfkit.linux.UnsupportedPlatformException;
import java.util.Locale;

/** The processor architectures that the launch init is built for. Syscall numbers and a few flags depend on it. */
public enum Architecture {
    /** x86-64, which Java calls {@code amd64}. */
    X86_64(0x10000, 0x20000),
    /** 64-bit ARM. */
    AARCH64(0x4000, 0x8000);

    private final int directoryFlag;
    private final int noFollowFlag;

    Architecture(int directoryFlag, int noFollowFlag) {
        this.directoryFlag = directoryFlag;
        this.noFollowFlag = noFollowFlag;
    }

    /**
     * The architecture of this JVM.
     *
     * @return the architecture
     * @throws UnsupportedPlatformException if this is not Linux on one of them
     */
    public static Architecture current() {
        return of(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static Architecture of(String osName, String osArch) {
        boolean linux = "Linux".equals(osName);
        if (linux && (osArch.equals("amd64") || osArch.equals("x86_64"))) {
            return X86_64;
        }
        if (linux && osArch.equals("aarch64")) {
            return AARCH64;
        }
        throw new UnsupportedPlatformException("no launch init for " + osName + " on " + osArch
                + ": it runs on Linux, in a 64-bit JVM on x86-64 or aarch64", null);
    }

    /**
     * The kernel's name, as {@code uname -m} shows it.
     *
     * @return such as {@code x86_64}
     */
    public String kernelName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Where the jar carries the init, to be opened by a class loader.
     *
     * @return the resource name, without a leading slash
     */
    public String initResource() {
        return "META-INF/native/linux-" + kernelName() + "/vnfkit-init";
    }

    /**
     * {@code O_DIRECTORY} of open(2): fail unless it is a directory. As in {@code asm/fcntl.h}.
     *
     * @return the flag
     */
    public int directoryFlag() {
        return directoryFlag;
    }

    /**
     * {@code O_NOFOLLOW} of open(2): fail if the last component is a symbolic link. As in {@code asm/fcntl.h}.
     *
     * @return the flag
     */
    public int noFollowFlag() {
        return noFollowFlag;
    }
}
