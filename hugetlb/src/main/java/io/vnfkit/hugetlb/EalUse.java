package io.vnfkit.hugetlb;

/** What the VNF's EAL does with a volume. */
record EalUse(boolean allocates, boolean preallocates, boolean singleFileSegments) {

    static final EalUse ALLOCATES = new EalUse(true, false, false);
    static final EalUse NONE = new EalUse(false, false, false);
}
