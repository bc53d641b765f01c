package io.vnfkit.hugetlb;

import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.PageSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Options of a hugetlbfs mount.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/mm/hugetlbpage.html">HugeTLB Pages, "Using Huge Pages"</a>
 */
record VolumeOptions(PageSize pageSize, Optional<Bytes> size, Optional<Bytes> minSize, int uid, int gid, int mode) {

    /** Private to root, so that the options do not depend on who mounts: the kernel's default mode is 0755. */
    static final VolumeOptions DEFAULT =
            new VolumeOptions(PageSize.MIB_2, Optional.empty(), Optional.empty(), 0, 0, 0700);

    VolumeOptions withPageSize(PageSize changed) {
        return new VolumeOptions(changed, size, minSize, uid, gid, mode);
    }

    VolumeOptions withSize(Bytes changed) {
        return new VolumeOptions(pageSize, Optional.of(changed), minSize, uid, gid, mode);
    }

    VolumeOptions withMinSize(Bytes changed) {
        return new VolumeOptions(pageSize, size, Optional.of(changed), uid, gid, mode);
    }

    VolumeOptions withOwner(int changedUid, int changedGid) {
        return new VolumeOptions(pageSize, size, minSize, changedUid, changedGid, mode);
    }

    VolumeOptions withMode(int changed) {
        return new VolumeOptions(pageSize, size, minSize, uid, gid, changed);
    }

    /** The data argument of mount(2). */
    String toMountData() {
        List<String> data = new ArrayList<>();
        data.add("pagesize=" + KernelSize.of(pageSize.toBytes()));
        size.ifPresent(amount -> data.add("size=" + amount.value()));
        minSize.ifPresent(amount -> data.add("min_size=" + amount.value()));
        data.add("uid=" + Integer.toUnsignedString(uid));
        data.add("gid=" + Integer.toUnsignedString(gid));
        data.add(String.format("mode=%04o", mode));
        return String.join(",", data);
    }
}
