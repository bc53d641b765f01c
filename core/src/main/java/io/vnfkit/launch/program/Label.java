package io.vnfkit.launch.program;

/**
 * The first instruction of a child's section: named by {@link ProgramBuilder#cloneChild}, placed by
 * {@link ProgramBuilder#bind}. Belongs to the builder that made it; not thread-safe.
 */
public final class Label {

    private static final int UNBOUND = -1;

    private int instruction = UNBOUND;

    Label() {}

    boolean isBound() {
        return instruction != UNBOUND;
    }

    void bind(int index) {
        instruction = index;
    }

    int instruction() {
        return instruction;
    }
}
