package io.vnfkit.ivshmem;

import io.vnfkit.Vnf;
import io.vnfkit.mount.Mountinfo;
import io.vnfkit.namespace.IdMap;
import io.vnfkit.namespace.NamespaceDescription;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.namespace.NamespaceSource;

/**
 * Who owns a directory of sockets, in ids of the host.
 *
 * @param uid user
 * @param gid group
 */
record SocketOwner(long uid, long gid) {

    /** The kernel says so where it is not root. */
    static SocketOwner of(Mountinfo.Mount tmpfs) {
        return new SocketOwner(option(tmpfs, "uid="), option(tmpfs, "gid="));
    }

    private static long option(Mountinfo.Mount mount, String key) {
        return mount.superOptions().stream().filter(option -> option.startsWith(key))
                .mapToLong(option -> Long.parseLong(option.substring(key.length()))).findFirst().orElse(0);
    }

    /**
     * Whether it is the user of a VNF. Another one that may write there all the same, by CAP_DAC_OVERRIDE, would make sockets
     * that the owner cannot connect to. True also where a user namespace is joined, whose map is not known.
     */
    boolean isUserOf(Vnf vnf) {
        NamespaceDescription namespaces = vnf.namespaces();
        long user = vnf.security().user().uid();
        if (namespaces.source(NamespaceKind.USER) instanceof NamespaceSource.Inherited) {
            return user == uid;
        }
        // A user that is not mapped is a problem of the namespace's own rules.
        return !namespaces.isFresh(NamespaceKind.USER) || IdMap.outside(namespaces.uidMaps(), user).orElse(uid) == uid;
    }
}
