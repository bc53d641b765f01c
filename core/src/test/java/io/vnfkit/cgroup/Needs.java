package io.vnfkit.cgroup;

import org.opentest4j.TestAbortedException;

/** What a test needs and no annotation says: a controller in whichever version, or a number of CPUs. */
final class Needs {

    private Needs() {}

    /** Leaves the test out unless a thing is there, with a reason of the form that {@code io.vnfkit.testing} reads. */
    static void thing(boolean present, String thing, String cure) {
        if (!present) {
            throw new TestAbortedException("missing: " + thing + " (" + cure + ")");
        }
    }

    /** Leaves the test out unless a controller is in a hierarchy of either version. */
    static void controller(CgroupLayout layout, String controller) {
        thing(layout.hierarchy(controller).isPresent(), "cgroup controller " + controller,
                layout.placement(controller).toString());
    }
}
