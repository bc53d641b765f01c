package io.vnfkit.sysfs.fake;

import io.vnfkit.unit.PageSize;
import java.util.List;

/** Processor architecture of a fake host, with base pages of 4 KiB. */
public enum FakeArchitecture {
    /** x86-64 with 1 GiB pages. */
    X86_64(List.of(PageSize.MIB_2, PageSize.GIB_1)),
    /** 64-bit Arm. */
    AARCH64(List.of(PageSize.KIB_64, PageSize.MIB_2, PageSize.MIB_32, PageSize.GIB_1));

    private final List<PageSize> pageSizes;

    FakeArchitecture(List<PageSize> pageSizes) {
        this.pageSizes = pageSizes;
    }

    /**
     * Huge page sizes that it has.
     *
     * @return sizes in ascending order
     */
    public List<PageSize> pageSizes() {
        return pageSizes;
    }
}
