package io.vnfkit.cgroup;

import io.vnfkit.unit.PageSize;
import java.nio.file.Path;

/** Names of the hugetlb controller's files (mm/hugetlb_cgroup.c) for one group and page size. */
record HugetlbFiles(Path directory, PageSize size, boolean version1) {

    /** What a limit counts. */
    enum Kind {
        /** Pages that were touched. */
        FAULT(""),
        /** Pages that were mapped. */
        RESERVATION("rsvd.");

        private final String infix;

        Kind(String infix) {
            this.infix = infix;
        }
    }

    Path limit(Kind kind) {
        return file(kind, version1 ? "limit_in_bytes" : "max");
    }

    Path usage(Kind kind) {
        return file(kind, version1 ? "usage_in_bytes" : "current");
    }

    /** Version 1 only. */
    Path peak(Kind kind) {
        return file(kind, "max_usage_in_bytes");
    }

    /** Version 1 only. */
    Path failures(Kind kind) {
        return file(kind, "failcnt");
    }

    /** Version 2 only; counts for both kinds together. */
    Path events() {
        return file(Kind.FAULT, "events");
    }

    /** The word that takes a limit away. */
    String unlimited() {
        return version1 ? "-1" : "max";
    }

    private Path file(Kind kind, String name) {
        return directory.resolve("hugetlb." + size.cgroupName() + "." + kind.infix + name);
    }
}
