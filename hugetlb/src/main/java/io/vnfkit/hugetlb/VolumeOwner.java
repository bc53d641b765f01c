package io.vnfkit.hugetlb;

import io.vnfkit.Vnf;
import io.vnfkit.namespace.IdMap;
import io.vnfkit.namespace.NamespaceDescription;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.security.UserIdentity;
import java.util.List;
import java.util.OptionalInt;

/**
 * Who owns the top directory of a volume.
 *
 * @param uid user id; empty for the VNF's user
 * @param gid group id; empty for the VNF's group
 */
record VolumeOwner(OptionalInt uid, OptionalInt gid) {

    static final VolumeOwner OF_VNF = new VolumeOwner(OptionalInt.empty(), OptionalInt.empty());

    /** Options with the ids as the host counts them: the mount is made outside of the VNF's user namespace. */
    VolumeOptions applyTo(VolumeOptions options, Vnf vnf) {
        UserIdentity user = vnf.security().user();
        NamespaceDescription namespaces = vnf.namespaces();
        boolean maps = namespaces.isFresh(NamespaceKind.USER);
        long insideUid = uid.isPresent() ? uid.getAsInt() : user.uid();
        long insideGid = gid.isPresent() ? gid.getAsInt() : user.gid();
        return options.withOwner((int) (maps ? outside(namespaces.uidMaps(), insideUid) : insideUid),
                (int) (maps ? outside(namespaces.gidMaps(), insideGid) : insideGid));
    }

    /** What owns a volume that outlives the VNF: ids of the host, root where nothing was said. */
    VolumeOptions applyTo(VolumeOptions options) {
        return options.withOwner(uid.orElse(0), gid.orElse(0));
    }

    private static long outside(List<IdMap> maps, long inside) {
        // Not mapped: nobody inside could own it, so the mount stays the host root's.
        return IdMap.outside(maps, inside).orElse(0);
    }
}
