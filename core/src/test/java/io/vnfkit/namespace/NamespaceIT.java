package io.vnfkit.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.RunningVnf;
import io.vnfkit.Vnf;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.RootFilesystem;
import io.vnfkit.testing.InsideVnf;
import io.vnfkit.testing.InsideVnf.Seen;
import io.vnfkit.testing.LaunchesVnfs;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each namespace new, inherited or joined, as the kernel's own numbers show it. */
@LaunchesVnfs
class NamespaceIT {

    private static final KernelFiles FILES = KernelFiles.host();

    @Test
    void isolateAllMakesSixNamespacesNewAndLeavesUserAndTime() {
        try (RunningVnf vnf = InsideVnf.hold(InsideVnf.vnf().namespaces(NamespaceDescription.Builder::isolateAll))) {
            Map<NamespaceKind, String> ofVnf = namespaces(Long.toString(vnf.pid()));
            Map<NamespaceKind, String> ofJvm = namespaces("self");
            for (NamespaceKind kind : NamespaceKind.values()) {
                boolean shared = kind == NamespaceKind.USER || kind == NamespaceKind.TIME;
                assertThat(ofVnf.get(kind).equals(ofJvm.get(kind))).as("%s shared", kind).isEqualTo(shared);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(NamespaceKind.class)
    void oneNamespaceCanBeNewAlone(NamespaceKind only) {
        var vnf = InsideVnf.vnf().root(RootFilesystem.inherited()).namespaces(ns -> {
            EnumSet.allOf(NamespaceKind.class).forEach(ns::inherit);
            ns.fresh(only);
            if (only == NamespaceKind.USER) {
                ns.mapIds(0, 100000, 65536);
            }
        });
        try (RunningVnf running = InsideVnf.hold(vnf)) {
            Map<NamespaceKind, String> ofVnf = namespaces(Long.toString(running.pid()));
            Map<NamespaceKind, String> ofJvm = namespaces("self");
            for (NamespaceKind kind : NamespaceKind.values()) {
                assertThat(ofVnf.get(kind).equals(ofJvm.get(kind))).as("%s shared", kind).isEqualTo(kind != only);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(NamespaceKind.class)
    void aNamespaceOfARunningVnfIsJoinedByName(NamespaceKind kind) {
        try (RunningVnf owner = holdOwner(kind)) {
            requireJoined(owner, kind, ns -> ns.joinVnf(kind, owner.name()));
        }
    }

    @ParameterizedTest
    @EnumSource(NamespaceKind.class)
    void aNamespaceIsJoinedByProcess(NamespaceKind kind) {
        try (RunningVnf owner = holdOwner(kind)) {
            requireJoined(owner, kind, ns -> ns.joinProcess(kind, owner.pid()));
        }
    }

    @ParameterizedTest
    @EnumSource(NamespaceKind.class)
    void aNamespaceIsJoinedByPath(NamespaceKind kind) {
        try (RunningVnf owner = holdOwner(kind)) {
            Path path = Path.of("/proc", Long.toString(owner.pid()), "ns", kind.procName());
            requireJoined(owner, kind, ns -> ns.join(kind, path));
        }
    }

    private static RunningVnf holdOwner(NamespaceKind kind) {
        return InsideVnf.hold(InsideVnf.vnf().namespaces(ns -> {
            ns.fresh(kind);
            if (kind == NamespaceKind.USER) {
                ns.mapIds(0, 100000, 65536);
            }
        }));
    }

    private static void requireJoined(RunningVnf owner, NamespaceKind kind,
            java.util.function.Consumer<NamespaceDescription.Builder> join) {
        Vnf.Builder vnf = InsideVnf.vnf().namespaces(ns -> join.accept(ns.isolateAll()));
        if (kind == NamespaceKind.MOUNT || kind == NamespaceKind.USER) {
            // A new pid namespace belongs to the host's user namespace, so a VNF that joined another one cannot show it
            // in /proc.
            vnf.root(RootFilesystem.inherited());
        }
        try (RunningVnf joiner = InsideVnf.hold(vnf)) {
            Map<NamespaceKind, String> ofJoiner = namespaces(Long.toString(joiner.pid()));
            Map<NamespaceKind, String> ofOwner = namespaces(Long.toString(owner.pid()));
            for (NamespaceKind each : NamespaceKind.values()) {
                boolean shared = each == kind || each == NamespaceKind.TIME || each == NamespaceKind.USER
                        && kind != each;
                assertThat(ofJoiner.get(each).equals(ofOwner.get(each))).as("%s shared", each).isEqualTo(shared);
            }
        }
    }

    @Test
    void allNamespacesOfAUserNamespaceAreJoinedTogether() {
        var owner = InsideVnf.vnf().namespaces(ns -> ns.isolateAll().mapIds(0, 100000, 65536)
                .fresh(NamespaceKind.TIME));
        try (RunningVnf first = InsideVnf.hold(owner)) {
            var second = InsideVnf.vnf().root(RootFilesystem.inherited()).namespaces(ns -> {
                for (NamespaceKind kind : NamespaceKind.values()) {
                    ns.joinVnf(kind, first.name());
                }
            });
            try (RunningVnf running = InsideVnf.hold(second)) {
                assertThat(namespaces(Long.toString(running.pid()))).isEqualTo(namespaces(Long.toString(first.pid())));
            }
        }
    }

    @Test
    void hostAndDomainNameAreTheVnfsOwn() {
        String before = FILES.read("/proc/sys/kernel/hostname");

        Seen seen = InsideVnf.run(InsideVnf.vnf().namespaces(ns -> ns.hostname("bng-1").domainname("pop.example")),
                "hostname", "cat /proc/sys/kernel/domainname", "uname -n");

        assertThat(seen.lines()).containsExactly("bng-1", "pop.example", "bng-1");
        assertThat(FILES.read("/proc/sys/kernel/hostname")).isEqualTo(before);
    }

    @Test
    void theCommandIsTheFirstProcessAndSeesNoOther() {
        Seen seen = InsideVnf.run(InsideVnf.vnf(), "echo $$", "cd /proc; echo [0-9]*");

        assertThat(seen.lines()).containsExactly("1", "1");
    }

    @Test
    void anInheritedPidNamespaceShowsTheHost() {
        Seen seen = InsideVnf.run(InsideVnf.vnf().namespaces(ns -> ns.inherit(NamespaceKind.PID)),
                "test -d /proc/" + ProcessHandle.current().pid() + " && echo visible");

        assertThat(seen.lines()).containsExactly("visible");
    }

    @Test
    void theControlGroupNamespaceHidesWhereTheVnfLies() {
        Seen seen = InsideVnf.run(InsideVnf.vnf(), "cut -d: -f3 /proc/self/cgroup | sort -u", "ls /sys/fs/cgroup");

        assertThat(seen.output()).doesNotContain("vnfkit");
        assertThat(seen.lines()).contains("/");
    }

    @Test
    void messageQueuesOfTheHostStayOutOfSight() {
        Seen seen = InsideVnf.run(InsideVnf.vnf(), "tail -n +2 /proc/sysvipc/shm | wc -l",
                "tail -n +2 /proc/sysvipc/msg | wc -l");

        assertThat(seen.lines()).containsExactly("0", "0");
    }

    private static Map<NamespaceKind, String> namespaces(String process) {
        Map<NamespaceKind, String> links = new EnumMap<>(NamespaceKind.class);
        for (NamespaceKind kind : NamespaceKind.values()) {
            links.put(kind, FILES.readLink("/proc/" + process + "/ns/" + kind.procName()).toString());
        }
        return links;
    }
}
