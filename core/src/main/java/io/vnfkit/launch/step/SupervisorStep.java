package io.vnfkit.launch.step;

import io.vnfkit.mount.VnfMount;
import io.vnfkit.namespace.IdMap;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.namespace.NetworkInterface;
import io.vnfkit.namespace.TimeOffsets;
import io.vnfkit.security.ResourceLimit;
import io.vnfkit.unit.MacAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A step of the init process that stays on the host, outside the VNF's control groups and namespaces. It has the JVM's
 * rights, so it opens what the VNF could not open by itself.
 */
public sealed interface SupervisorStep extends Step {

    /**
     * Makes a detached copy of a tree of mounts with open_tree(2), which the VNF attaches later. Opened here, since a
     * VNF in a user namespace of its own may not copy the host's mounts.
     *
     * @param source absolute path on the host
     * @param recursive whether mounts below come along
     * @param flags restrictions of the copy
     */
    record OpenTree(Path source, boolean recursive, Set<VnfMount.Flag> flags) implements SupervisorStep {

        /** Copies the flags in a fixed order. */
        public OpenTree {
            flags = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(flags));
        }

        @Override
        public String describe() {
            return "open tree " + source + (recursive ? " recursively" : "") + (flags.isEmpty() ? "" : " " + flags);
        }
    }

    /**
     * Makes a detached instance of a file system with fsopen(2), which the VNF attaches later. Made here where the
     * VNF's own user namespace would have no right to: hugetlbfs can only be mounted from the initial one.
     *
     * @param type its type
     * @param source a word for /proc/mounts
     * @param target where it is attached later
     * @param flags restrictions
     * @param options its options; may be empty
     */
    record OpenFilesystem(String type, String source, Path target, Set<VnfMount.Flag> flags, String options)
            implements SupervisorStep {

        /** Copies the flags in a fixed order. */
        public OpenFilesystem {
            flags = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(flags));
        }

        @Override
        public String describe() {
            return "open " + type + " for " + target + (options.isEmpty() ? "" : " (" + options + ")")
                    + (flags.isEmpty() ? "" : " " + flags);
        }
    }

    /**
     * Opens a namespace that the VNF joins later. The host's paths are gone after joining a mount namespace.
     *
     * @param kind its kind
     * @param path file that stands for it
     */
    record OpenNamespace(NamespaceKind kind, Path path) implements SupervisorStep {
        @Override
        public String describe() {
            return "open " + kind.procName() + " namespace " + path;
        }
    }

    /**
     * Opens the {@code tasks} file of a version 1 control group, which the VNF writes to. Opened here, since the kernel
     * checks the rights of the opener.
     *
     * @param directory the group
     */
    record OpenCgroupTasks(Path directory) implements SupervisorStep {
        @Override
        public String describe() {
            return "open " + directory.resolve("tasks");
        }
    }

    /**
     * Lets the next child enter a pid namespace that exists.
     *
     * @param path file that stands for the namespace
     */
    record EnterPidNamespaceForChild(Path path) implements SupervisorStep {
        @Override
        public String describe() {
            return "enter pid namespace " + path + " with the next child";
        }
    }

    /**
     * Makes a new time namespace for the next child.
     *
     * @param offsets its clocks
     */
    record NewTimeNamespaceForChild(TimeOffsets offsets) implements SupervisorStep {
        @Override
        public String describe() {
            return "new time namespace for the next child, offsets " + offsets.toFile().strip().replace("\n", ", ");
        }
    }

    /**
     * Starts the process that becomes the VNF. User and pid namespaces can only be new from the first instruction on.
     *
     * @param fresh namespaces that are new at once
     * @param unified version 2 control group that it is born into (CLONE_INTO_CGROUP): no migration, so no RCU grace
     *     period
     */
    record StartVnfProcess(Set<NamespaceKind> fresh, Optional<Path> unified) implements SupervisorStep {

        /** Copies the set in a fixed order. */
        public StartVnfProcess {
            fresh = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(fresh));
        }

        @Override
        public String describe() {
            return "start the VNF's process" + names(fresh) + unified.map(path -> " in " + path).orElse("");
        }
    }

    /**
     * Writes the id maps of the VNF's new user namespace.
     *
     * @param uidMaps user ids
     * @param gidMaps group ids
     */
    record WriteIdMaps(List<IdMap> uidMaps, List<IdMap> gidMaps) implements SupervisorStep {

        /** Copies the lists. */
        public WriteIdMaps {
            uidMaps = List.copyOf(uidMaps);
            gidMaps = List.copyOf(gidMaps);
        }

        @Override
        public String describe() {
            return "map uids " + lines(uidMaps) + " and gids " + lines(gidMaps);
        }

        private static String lines(List<IdMap> maps) {
            return maps.stream().map(IdMap::toString).collect(Collectors.joining(", ", "[", "]"));
        }
    }

    /**
     * Sets a resource limit of the VNF. Done here, since raising one needs CAP_SYS_RESOURCE in the initial user
     * namespace.
     *
     * @param limit the limit
     */
    record SetResourceLimit(ResourceLimit limit) implements SupervisorStep {
        @Override
        public String describe() {
            return "limit " + limit;
        }
    }

    /**
     * Waits until the VNF's process has reached a point, takes steps for it, and lets it go on with {@link ReleaseVnf}.
     *
     * @param reached what has been reached
     */
    record AwaitVnf(String reached) implements SupervisorStep {
        @Override
        public String describe() {
            return "wait until the VNF's process " + reached;
        }
    }

    /** Lets the VNF's process go on. */
    record ReleaseVnf() implements SupervisorStep {
        @Override
        public String describe() {
            return "let the VNF's process go on";
        }
    }

    /**
     * Puts a network interface into the VNF's new network namespace: moves it, or makes a veth pair. Done or not done,
     * never by half.
     *
     * @param networkInterface the interface
     * @param peerAddress Ethernet address of the other end of a veth pair; empty for an interface that is moved
     */
    record PlaceInterface(NetworkInterface networkInterface, Optional<MacAddress> peerAddress)
            implements SupervisorStep {
        @Override
        public String describe() {
            if (networkInterface.origin() instanceof NetworkInterface.Veth veth) {
                return "create veth pair " + networkInterface.name() + " (in the VNF) and " + veth.peerName()
                        + veth.peerNamespace().map(path -> " (in " + path + ")").orElse(" (on the host)");
            }
            NetworkInterface.Moved moved = (NetworkInterface.Moved) networkInterface.origin();
            return "move interface " + moved.hostName() + " into the VNF as " + networkInterface.name();
        }
    }

    /**
     * Gives the other end of a veth pair its addresses and sets it up: a pair carries nothing until both ends are up.
     *
     * @param networkInterface the VNF's end
     * @param peer the other end
     */
    record ConfigurePeer(NetworkInterface networkInterface, NetworkInterface.Veth peer) implements SupervisorStep {
        @Override
        public String describe() {
            return "set interface " + peer.peerName() + " up"
                    + peer.peerNamespace().map(path -> " in " + path).orElse("")
                    + (peer.peerAddresses().isEmpty() ? "" : " with " + peer.peerAddresses());
        }
    }

    /** Tells the JVM the VNF's process id. */
    record ReportPid() implements SupervisorStep {
        @Override
        public String describe() {
            return "report the process id";
        }
    }

    /**
     * Stays with the VNF: forwards signals, reaps it, records its exit code.
     *
     * @param killWithJvm whether it kills the VNF when the JVM has ended
     * @param unified version 2 control group to kill as a whole
     * @param freezer version 1 freezer's control group to thaw after the kill: a process that it has frozen ends only
     *     then
     */
    record Supervise(boolean killWithJvm, Optional<Path> unified, Optional<Path> freezer) implements SupervisorStep {
        @Override
        public String describe() {
            return "supervise the VNF" + (killWithJvm ? ", kill it with the JVM" : ", also without the JVM");
        }
    }

    private static String names(Set<NamespaceKind> kinds) {
        return kinds.isEmpty() ? ""
                : kinds.stream().map(NamespaceKind::procName).collect(Collectors.joining(", ", " with new ", ""));
    }
}
