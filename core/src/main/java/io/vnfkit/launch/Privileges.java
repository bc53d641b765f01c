package io.vnfkit.launch;

import io.vnfkit.Problem;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a launch needs of the JVM and the kernel, read from procfs. */
final class Privileges {

    /** mount_setattr(2) is the newest call that every launch makes; 5.14 is the oldest long-lived kernel with cgroup.kill. */
    private static final int[] OLDEST_KERNEL = {5, 14};

    private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+).*", Pattern.DOTALL);
    private static final long CAP_SYS_ADMIN = 1L << 21;

    private Privileges() {}

    static List<Problem> problems(Host host) {
        List<Problem> problems = new ArrayList<>();
        KernelFiles files = host.files();
        files.readIfExists("/proc/sys/kernel/osrelease").ifPresent(release -> checkRelease(release, problems));
        if (host.isThisHost()) {
            checkCapabilities(files, problems);
        }
        return problems;
    }

    private static void checkRelease(String release, List<Problem> problems) {
        Matcher matcher = RELEASE.matcher(release);
        if (!matcher.matches()) {
            return;
        }
        int major = Integer.parseInt(matcher.group(1));
        int minor = Integer.parseInt(matcher.group(2));
        if (major < OLDEST_KERNEL[0] || major == OLDEST_KERNEL[0] && minor < OLDEST_KERNEL[1]) {
            problems.add(new Problem("host", "the kernel is " + release, "use Linux 5.14 or later"));
        }
    }

    private static void checkCapabilities(KernelFiles files, List<Problem> problems) {
        String effective = files.readLines("/proc/self/status").stream()
                .filter(line -> line.startsWith("CapEff:"))
                .map(line -> line.substring("CapEff:".length()).strip()).findFirst().orElse("0");
        if ((Long.parseUnsignedLong(effective, 16) & CAP_SYS_ADMIN) == 0) {
            problems.add(new Problem("host", "this JVM has no CAP_SYS_ADMIN (CapEff " + effective + ")", "run it as root"));
        }
    }
}
