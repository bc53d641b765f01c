package io.vnfkit.namespace;

import io.vnfkit.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What must hold within a {@link NamespaceDescription}, whatever the host. */
final class NamespaceRules {

    /** The kernel's __NEW_UTS_LEN. */
    private static final int MAXIMUM_HOSTNAME = 64;

    private final NamespaceDescription description;
    private final List<Problem> problems = new ArrayList<>();

    NamespaceRules(NamespaceDescription description) {
        this.description = description;
    }

    List<Problem> problems() {
        checkUtsName("namespaces.hostname", description.hostname());
        checkUtsName("namespaces.domainname", description.domainname());
        checkIdMaps("namespaces.uidMaps", description.uidMaps());
        checkIdMaps("namespaces.gidMaps", description.gidMaps());
        checkInterfaces();
        return problems;
    }

    private void checkUtsName(String where, Optional<String> name) {
        if (name.isEmpty()) {
            return;
        }
        int length = name.get().getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > MAXIMUM_HOSTNAME) {
            problems.add(new Problem(where, "\"" + name.get() + "\" has " + length + " octets",
                    "use 1 to " + MAXIMUM_HOSTNAME));
        }
        if (!description.isFresh(NamespaceKind.UTS)) {
            problems.add(new Problem(where, "the uts namespace is not new, the name would change the host's",
                    "make it new with fresh(UTS)"));
        }
    }

    private void checkIdMaps(String where, List<IdMap> maps) {
        if (!description.isFresh(NamespaceKind.USER)) {
            if (!maps.isEmpty()) {
                problems.add(new Problem(where, "the user namespace is not new", "make it new with fresh(USER)"));
            }
            return;
        }
        if (maps.stream().noneMatch(map -> map.mapsInside(0))) {
            problems.add(new Problem(where, "id 0 is not mapped, so nobody could set the namespace up",
                    "map it, for instance mapIds(0, 100000, 65536)"));
        }
        for (String fault : IdMap.faults(maps)) {
            problems.add(new Problem(where, fault, "give ranges that do not overlap"));
        }
    }

    private void checkInterfaces() {
        if (!description.interfaces().isEmpty() && !description.isFresh(NamespaceKind.NET)) {
            problems.add(new Problem("namespaces.interfaces", "the network namespace is not new",
                    "make it new with fresh(NET)"));
        }
        Set<String> names = new HashSet<>(Set.of("lo"));
        for (NetworkInterface networkInterface : description.interfaces()) {
            if (!names.add(networkInterface.name())) {
                problems.add(new Problem("namespaces.interfaces", "two interfaces have the name "
                        + networkInterface.name(),
                        "give each its own name with as(...)"));
            }
        }
    }
}
