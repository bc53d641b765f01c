package io.vnfkit.launch;

import io.vnfkit.Problem;
import io.vnfkit.Vnf;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.RootFilesystem;
import io.vnfkit.namespace.IdMap;
import io.vnfkit.namespace.NamespaceDescription;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.namespace.NamespaceSource;
import io.vnfkit.security.UserIdentity;
import io.vnfkit.unit.NodeSet;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** What must hold between the parts of a description, and between them and the host. */
final class ConsistencyRules {

    private static final String NODES = "/sys/devices/system/node";

    private final Vnf vnf;
    private final KernelFiles files;
    private final Consumer<Problem> problems;

    ConsistencyRules(Vnf vnf, KernelFiles files, Consumer<Problem> problems) {
        this.vnf = vnf;
        this.files = files;
        this.problems = problems;
    }

    void check(RootView view) {
        checkRoot();
        checkJoins();
        checkIds();
        checkMemoryPolicy();
        checkWorkingDirectory(view);
    }

    /** A root that is not set up would silently leave the VNF with the host's, writable. */
    private void checkRoot() {
        boolean ownMounts = vnf.namespaces().isFresh(NamespaceKind.MOUNT);
        if (!ownMounts && !(vnf.root() instanceof RootFilesystem.Inherited)) {
            problem("root", "it can only be set up in a new mount namespace",
                    "make the namespace new with fresh(MOUNT), or say root(RootFilesystem.inherited())");
        }
    }

    /** The kernel wants the rights of the owner for joining, and a new user namespace owns none that exists. */
    private void checkJoins() {
        NamespaceDescription namespaces = vnf.namespaces();
        if (!namespaces.isFresh(NamespaceKind.USER)) {
            return;
        }
        for (NamespaceKind kind : NamespaceKind.values()) {
            NamespaceSource source = namespaces.source(kind);
            if (!(source instanceof NamespaceSource.Fresh) && !(source instanceof NamespaceSource.Inherited)) {
                problem("namespaces." + kind.procName(),
                        "it cannot be joined from a new user namespace, which does not own it",
                        "join the user namespace of its owner too, or make it new");
            }
        }
    }

    private void checkIds() {
        NamespaceDescription namespaces = vnf.namespaces();
        if (!namespaces.isFresh(NamespaceKind.USER)) {
            return;
        }
        UserIdentity user = vnf.security().user();
        requireMapped("uid", user.uid(), namespaces.uidMaps());
        requireMapped("gid", user.gid(), namespaces.gidMaps());
        user.groups().forEach(group -> requireMapped("gid", group, namespaces.gidMaps()));
    }

    private void requireMapped(String what, long id, List<IdMap> maps) {
        if (maps.stream().noneMatch(map -> map.mapsInside(id))) {
            problem("security.user", what + " " + id + " is not mapped in the VNF's user namespace: " + maps,
                    "choose a mapped one, or map it");
        }
    }

    private void checkMemoryPolicy() {
        NodeSet nodes = vnf.security().memoryPolicy().nodes();
        NodeSet granted = vnf.cgroup().memoryNodes();
        // A kernel without NUMA has no such directory; it refuses the policy by itself.
        if (files.exists(NODES)) {
            nodes.stream().filter(node -> !files.exists(NODES + "/node" + node)).forEach(node ->
                    problem("security.memoryPolicy", "the host has no NUMA node " + node,
                    "see lscpu for the nodes it has"));
        }
        boolean outside = !granted.isEmpty() && !nodes.isEmpty() && nodes.stream().noneMatch(granted::contains);
        if (outside) {
            problem("security.memoryPolicy", "none of the nodes " + nodes + " is among those granted: " + granted,
                    "grant one with cgroup.memoryNodes, or choose another");
        }
    }

    private void checkWorkingDirectory(RootView view) {
        Path directory = vnf.workingDirectory();
        RootView.Found found = view.find(directory);
        if (!(found instanceof RootView.Unknown) && !RootView.isDirectory(found)) {
            problem("workingDirectory", directory + " is no directory in the root file system",
                    "create it there, or choose another");
        }
    }

    private void problem(String where, String what, String cure) {
        problems.accept(new Problem(where, what, cure));
    }
}
