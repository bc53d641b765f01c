package io.vnfkit.launch.program;

import io.vnfkit.launch.program.Argument.Slot;
import java.util.BitSet;

/**
 * The rules that the init checks too, held while a program is assembled, so that a mistake shows where it is made: one
 * section per process, at most one clone in each, the child's section directly after its parent's, no slot read before
 * it is written. One more rule only the builder can name well: parent and child meet as often as each expects.
 */
final class SectionRules {

    private BitSet written = new BitSet(ProgramFormat.MAX_SLOTS);
    private BitSet writtenBeforeClone = new BitSet();
    private Label child;
    private boolean open = true;
    private boolean outermost = true;
    private int awaited;
    private int released;
    private int expectedMeetings;
    private int meetings;

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

    void awaited() {
        awaited++;
    }

    void released() {
        released++;
        if (released > awaited) {
            throw new ProgramException("RELEASE_CHILD without AWAIT_CHILD before it");
        }
    }

    void met() {
        meetings++;
    }

    void ended() {
        open = false;
        if (meetings != expectedMeetings) {
            throw new ProgramException("the child has " + meetings + " barriers, its parent awaits " + expectedMeetings
                    + ": one would wait for ever");
        }
        if (released != awaited) {
            throw new ProgramException("a child is awaited " + awaited + " times and released " + released + " times");
        }
    }

    void bind(Label label) {
        if (open || label != child) {
            throw new ProgramException("a label can be bound only directly after the section that clones the child");
        }
        expectedMeetings = awaited;
        meetings = 0;
        awaited = 0;
        released = 0;
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
