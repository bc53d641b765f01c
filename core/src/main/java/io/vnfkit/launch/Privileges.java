package io.vnfkit.launch;

import io.vnfkit.Problem;
import io.vnfkit.Vnf;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.security.Capability;
import io.vnfkit.security.CapabilitySets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a launch needs of the JVM and the kernel, read from procfs. */
final class Privileges {

    /**
     * mount_setattr(2) is the newest call that every launch makes; 5.14 is the oldest long-lived kernel with
     * cgroup.kill.
     */
    private static final int[] OLDEST_KERNEL = {5, 14};

    private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+).*", Pattern.DOTALL);

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
        long own = capabilities("CapEff:", files);
        if ((own & Capability.SYS_ADMIN.bit()) == 0) {
            problems.add(new Problem("host", "this JVM has no CAP_SYS_ADMIN (CapEff " + Long.toHexString(own) + ")",
                    "run it as root"));
        }
    }

    private static long capabilities(String set, KernelFiles files) {
        return files.readLines("/proc/self/status").stream()
                .filter(line -> line.startsWith(set))
                .map(line -> Long.parseUnsignedLong(line.substring(set.length()).strip(), 16))
                .findFirst().orElse(0L);
    }

    /** Nobody can give a VNF capabilities that he does not have; only a new user namespace comes with all of them. */
    static List<Problem> missingFor(Vnf vnf, KernelFiles files) {
        if (vnf.namespaces().isFresh(NamespaceKind.USER)) {
            return List.of();
        }
        long own = capabilities("CapPrm:", files);
        CapabilitySets sets = vnf.security().capabilities();
        List<Capability> missing = Stream.concat(sets.permitted().stream(), sets.inheritable().stream()).distinct()
                .sorted()
                .filter(capability -> (own & capability.bit()) == 0).toList();
        return missing.isEmpty() ? List.of() : List.of(new Problem("security.capabilities",
                "this JVM does not have " + missing + " itself", "run it with them, or leave them out"));
    }
}
