package io.vnfkit.launch.program;

import io.vnfkit.launch.program.Argument.Slot;
import java.util.BitSet;

/**
 * The rules that the init checks too, held while a program is assembled, so that a mistake shows where it is made: one
 * section per process, at most one clone in each, the child's section directly after its parent's, no slot read before
 * it is written.
 */
final class SectionRules {

    private BitSet written = new BitSet(ProgramFormat.MAX_SLOTS);
    private BitSet writtenBeforeClone = new BitSet();
    private Label child;
    private boolean open = true;
    private boolean outermost = true;

    /** Before each instruction. */
    void requireOpen(Opcode opcode) {
        if (!open) {
            throw new ProgramException(opcode + " after the end of the section" + (child == null
                    ? ": nothing can follow"
                    : ": bind the label of the cloned child first"));
        }
    }

    void requireReadable(Argument argument) {
        if (argument instanceof Slot slot && !written.get(slot.index())) {
            throw new ProgramException("slot " + slot.index()
                    + " is read before this process, or its parent before the clone, wrote it");
        }
    }

    void requireChild(Opcode opcode) {
        if (child == null) {
            throw new ProgramException(opcode + " in a section that has not cloned a child");
        }
    }

    void requireParent(Opcode opcode) {
        if (outermost) {
            throw new ProgramException(opcode + " in the first section: its process has no parent in the program");
        }
    }

    void requireSupervisor(boolean outer) {
        requireChild(Opcode.SUPERVISE);
        if (outer && !outermost) {
            throw new ProgramException(
                    "superviseVnf in the section of a child: only the first process has a liveness pipe");
        }
        if (!outer && outermost) {
            throw new ProgramException(
                    "superviseAsFirstProcess in the first section: it is for a child in a pid namespace");
        }
    }

    void requireFirstClone(Label entry) {
        if (child != null) {
            throw new ProgramException("a second clone in one section: each process has one child");
        }
        if (entry.isBound()) {
            throw new ProgramException(
                    "the child's entry is bound already: its section follows the section of its parent");
        }
    }

    void cloned(Label entry) {
        child = entry;
        writtenBeforeClone = (BitSet) written.clone();
    }

    void wrote(Slot slot) {
        written.set(slot.index());
    }

    void ended() {
        open = false;
    }

    void bind(Label label) {
        if (open || label != child) {
            throw new ProgramException("a label can be bound only directly after the section that clones the child");
        }
        written = writtenBeforeClone;
        child = null;
        open = true;
        outermost = false;
    }

    void requireComplete() {
        if (open) {
            throw new ProgramException("the last section does not end with SUPERVISE or EXIT");
        }
        if (child != null) {
            throw new ProgramException("a child is cloned whose label is not bound");
        }
    }
}
