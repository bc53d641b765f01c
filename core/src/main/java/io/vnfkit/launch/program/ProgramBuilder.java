package io.vnfkit.launch.program;

import io.vnfkit.launch.program.Argument.Data;
import io.vnfkit.launch.program.Argument.Slot;
import io.vnfkit.linux.Errno;
import java.util.List;
import java.util.Objects;

/**
 * Assembles a {@link Program}, instruction by instruction, for one architecture.
 *
 * <p>Each method that appends an instruction returns the builder. {@link #into}, {@link #tolerating} and
 * {@link #toleratingAll} apply to the instruction appended last. A mistake is refused where it is made, with a
 * {@link ProgramException}; the init checks the same rules again. Not thread-safe; {@link #build} can be called once.
 *
 * <pre>{@code
 * ProgramBuilder program = new ProgramBuilder(Architecture.current());
 * Slot directory = program.slot();
 * Label vnf = program.label();
 * program.step(0).cloneChild(CLONE_NEWNS | CLONE_NEWPID, vnf).superviseVnf(true, Argument.NONE, Argument.NONE);
 * program.bind(vnf);
 * program.step(1).syscall(OPENAT, Argument.of(AT_FDCWD), program.string("/srv"), Argument.of(O_PATH)).into(directory);
 * program.step(1).syscall(FCHDIR, directory);
 * program.step(2).clearSignals().closeFrom(3).exec("/bin/true", List.of("true"), List.of()).exit(125);
 * }</pre>
 */
public final class ProgramBuilder {

    private final Architecture architecture;
    private final InstructionWriter instructions = new InstructionWriter();
    private final ProgramData data = new ProgramData();
    private final SectionRules rules = new SectionRules();
    private int slots;
    private int step;
    private int lastClone = -1;
    private boolean built;

    /**
     * Creates an empty builder.
     *
     * @param architecture where the program will run
     */
    public ProgramBuilder(Architecture architecture) {
        this.architecture = Objects.requireNonNull(architecture, "architecture");
    }

    /**
     * Where the arguments of the program's syscalls point to.
     *
     * @return the data, to add to
     */
    public ProgramData data() {
        return data;
    }

    /**
     * Short for {@link ProgramData#string}.
     *
     * @param text the string
     * @return where it is
     * @throws ProgramException if it holds a NUL character or half a surrogate pair
     */
    public Data string(String text) {
        return data.string(text);
    }

    /**
     * A new slot for a result.
     *
     * @return the slot
     * @throws ProgramException after the 256th
     */
    public Slot slot() {
        if (slots == ProgramFormat.MAX_SLOTS) {
            throw new ProgramException("a launch program has at most " + ProgramFormat.MAX_SLOTS + " slots");
        }
        return new Slot(slots++);
    }

    /**
     * A new label for the section of a child.
     *
     * @return the label
     */
    public Label label() {
        return new Label();
    }

    /**
     * Starts the section of a child. Slots that its parent wrote before the clone can be read; later ones cannot.
     *
     * @param label the label given to {@link #cloneChild}
     * @return this
     */
    public ProgramBuilder bind(Label label) {
        rules.bind(label);
        label.bind(instructions.count());
        instructions.patch(lastClone, 2, instructions.count());
        return this;
    }

    /**
     * Says which step of the plan the following instructions belong to. Reports carry the number back.
     *
     * @param index 0 to 65535
     * @return this
     */
    public ProgramBuilder step(int index) {
        step = OperandRules.requireStep(index);
        return this;
    }

    /**
     * Appends {@link Opcode#SYSCALL}. Not repeated after EINTR: no handler is installed, so no call that sets up a VNF
     * sees it.
     *
     * @param call which
     * @param arguments at most six; the rest is 0
     * @return this
     */
    public ProgramBuilder syscall(SyscallNumber call, Argument... arguments) {
        if (arguments.length > 6) {
            throw new ProgramException(call.manualName() + " with " + arguments.length
                    + " arguments: a syscall takes at most 6");
        }
        return append(Opcode.SYSCALL, call.on(architecture), arguments);
    }

    /**
     * Appends execve(2). Does nothing else: see {@link #clearSignals} and {@link #closeFrom}. To try several paths,
     * tolerate ENOENT, ENOTDIR and EACCES in all but the last.
     *
     * @param path the program's file, seen from the process's own root and working directory
     * @param argv its arguments, the name first
     * @param environment {@code NAME=value} strings
     * @return this
     */
    public ProgramBuilder exec(String path, List<String> argv, List<String> environment) {
        return syscall(SyscallNumber.EXECVE, string(path), data.strings(argv), data.strings(environment));
    }

    /**
     * Appends {@link Opcode#CLONE}; the result is the child's process id.
     *
     * @param flags {@code CLONE_NEW*} and {@code CLONE_CLEAR_SIGHAND}
     * @param entry bound later to the child's section
     * @return this
     */
    public ProgramBuilder cloneChild(long flags, Label entry) {
        return cloneChild(flags, Argument.ZERO, entry);
    }

    /**
     * Appends {@link Opcode#CLONE} with the child born in a control group; the result is the child's process id.
     *
     * @param flags {@code CLONE_INTO_CGROUP}, {@code CLONE_NEW*} and {@code CLONE_CLEAR_SIGHAND}
     * @param cgroup descriptor of the version 2 control group's directory
     * @param entry bound later to the child's section
     * @return this
     */
    public ProgramBuilder cloneChild(long flags, Argument cgroup, Label entry) {
        rules.requireFirstClone(entry);
        append(Opcode.CLONE, 0, Argument.of(flags), cgroup, Argument.ZERO);
        rules.cloned(entry);
        lastClone = instructions.count() - 1;
        return this;
    }

    /**
     * Appends {@link Opcode#AWAIT_CHILD}.
     *
     * @return this
     */
    public ProgramBuilder awaitChild() {
        rules.requireChild(Opcode.AWAIT_CHILD);
        rules.awaited();
        return append(Opcode.AWAIT_CHILD, 0);
    }

    /**
     * Appends {@link Opcode#RELEASE_CHILD}.
     *
     * @return this
     */
    public ProgramBuilder releaseChild() {
        rules.requireChild(Opcode.RELEASE_CHILD);
        rules.released();
        return append(Opcode.RELEASE_CHILD, 0);
    }

    /**
     * Appends {@link Opcode#BARRIER}.
     *
     * @return this
     */
    public ProgramBuilder barrier() {
        rules.requireParent(Opcode.BARRIER);
        rules.met();
        return append(Opcode.BARRIER, 0);
    }

    /**
     * Appends {@link Opcode#STORE32}.
     *
     * @param value a slot or a plain value
     * @param target the first of four bytes
     * @return this
     */
    public ProgramBuilder store32(Argument value, Data target) {
        data.requireInside(target, Integer.BYTES);
        return append(Opcode.STORE32, 0, value, target);
    }

    /**
     * Appends {@link Opcode#FORMAT_DECIMAL}. In a path such as {@code "/proc/" + "//////1234" + "/uid_map"} the slashes
     * count as one; /proc refuses leading zeros.
     *
     * @param value a slot or a plain value
     * @param target the first byte of the field; in bytes of {@link ProgramData#bytes}, as strings are shared
     * @param width 1 to 20 characters
     * @return this
     */
    public ProgramBuilder formatDecimal(Argument value, Data target, int width) {
        data.requireInside(target, OperandRules.requireDecimalWidth(width));
        return append(Opcode.FORMAT_DECIMAL, 0, value, target, Argument.of(width));
    }

    /**
     * Appends {@link Opcode#NETLINK}.
     *
     * @param socket a netlink socket
     * @param message starts with a {@code struct nlmsghdr} whose flags have NLM_F_ACK
     * @param length of the message, in bytes
     * @return this
     */
    public ProgramBuilder netlink(Argument socket, Data message, int length) {
        data.requireInside(message, OperandRules.requireNetlinkLength(length));
        return append(Opcode.NETLINK, 0, socket, message, Argument.of(length));
    }

    /**
     * Appends {@link Opcode#EXPECT} on a slot.
     *
     * @param actual the slot
     * @param mask bits that count
     * @param expected what they must be: a slot or a plain value
     * @param otherwise the errno to fail with
     * @return this
     */
    public ProgramBuilder expect(Slot actual, long mask, Argument expected, Errno otherwise) {
        return expect(actual, Long.BYTES, Argument.of(mask), expected, otherwise);
    }

    /**
     * Appends {@link Opcode#EXPECT} on a word of the data, such as {@code f_type} that fstatfs(2) has filled in.
     *
     * @param actual the word's first byte
     * @param size 4 or 8 bytes
     * @param mask bits that count
     * @param expected what they must be: a slot or a plain value
     * @param otherwise the errno to fail with
     * @return this
     */
    public ProgramBuilder expect(Data actual, int size, long mask, Argument expected, Errno otherwise) {
        data.requireInside(actual, OperandRules.requireWordSize(size));
        return expect(actual, size, Argument.of(mask), expected, otherwise);
    }

    private ProgramBuilder expect(Argument actual, int size, Argument mask, Argument expected, Errno otherwise) {
        Argument errno = Argument.of(OperandRules.requireErrno(otherwise));
        return append(Opcode.EXPECT, 0, actual, mask, expected, errno, Argument.of(size));
    }

    /**
     * Appends {@link Opcode#LOAD}.
     *
     * @param source the word's first byte
     * @param size 4 or 8 bytes; 4 are extended with zeros
     * @return this
     */
    public ProgramBuilder load(Data source, int size) {
        data.requireInside(source, OperandRules.requireWordSize(size));
        return append(Opcode.LOAD, 0, source, Argument.of(size));
    }

    /**
     * Appends {@link Opcode#REPORT}.
     *
     * @param value a slot or a plain value: the process id of the VNF
     * @return this
     */
    public ProgramBuilder report(Argument value) {
        return append(Opcode.REPORT, 0, value);
    }

    /**
     * Ends the first section with {@link Opcode#SUPERVISE}: the process gives back its stdio, all other descriptors and
     * the program's memory, forwards every signal that can be caught (except SIGCHLD and the stops of job control),
     * and, when the child has ended, writes the {@link ExitRecord} and ends with its code. Its working directory stays:
     * change it before, or it pins a mount.
     *
     * @param endsWithJvm whether the end of the JVM kills the VNF: everything in its control group, if that is given,
     *     else the child
     * @param cgroupKill the VNF's version 2 {@code cgroup.kill}, opened for writing, or {@link Argument#NONE}
     * @param freezerState its version 1 {@code freezer.state}, opened for writing, or {@link Argument#NONE}: a frozen
     *     process does not even die of SIGKILL
     * @return this
     */
    public ProgramBuilder superviseVnf(boolean endsWithJvm, Argument cgroupKill, Argument freezerState) {
        return supervise(true, Argument.of(endsWithJvm ? 1 : 0), cgroupKill, freezerState);
    }

    /**
     * Ends a child's section with {@link Opcode#SUPERVISE}, as process 1 of the VNF: forwards signals, reaps orphans,
     * and ends with the code of its own child; the kernel then kills the rest of the pid namespace.
     *
     * @return this
     */
    public ProgramBuilder superviseAsFirstProcess() {
        return supervise(false, Argument.ZERO, Argument.NONE, Argument.NONE);
    }

    private ProgramBuilder supervise(boolean outer, Argument endsWithJvm, Argument cgroupKill, Argument freezerState) {
        rules.requireSupervisor(outer);
        int mode = outer ? ProgramFormat.SUPERVISE_OUTER : ProgramFormat.SUPERVISE_INNER;
        append(Opcode.SUPERVISE, 0, Argument.of(mode), endsWithJvm, cgroupKill, freezerState);
        rules.ended();
        return this;
    }

    /**
     * Ends a section with {@link Opcode#EXIT}. After execve(2) it is never reached, but every section must have an end.
     *
     * @param status 0 to 255
     * @return this
     */
    public ProgramBuilder exit(int status) {
        append(Opcode.EXIT, 0, Argument.of(OperandRules.requireExitStatus(status)));
        rules.ended();
        return this;
    }

    /**
     * Appends {@link Opcode#CLEAR_SIGNALS}.
     *
     * @return this
     */
    public ProgramBuilder clearSignals() {
        return append(Opcode.CLEAR_SIGNALS, 0);
    }

    /**
     * Appends {@link Opcode#CLOSE_FROM}.
     *
     * @param first at least 3
     * @return this
     */
    public ProgramBuilder closeFrom(int first) {
        return append(Opcode.CLOSE_FROM, 0, Argument.of(OperandRules.requireFirstToClose(first)));
    }

    /**
     * Puts the result of the instruction appended last into a slot: of {@link #syscall}, {@link #cloneChild} or
     * {@link #load}.
     *
     * @param slot a slot of this builder
     * @return this
     */
    public ProgramBuilder into(Slot slot) {
        requireOneOf("result", Opcode.SYSCALL, Opcode.CLONE, Opcode.LOAD);
        if (slot.index() >= slots) {
            throw new ProgramException("slot " + slot.index() + " is not one of this builder");
        }
        instructions.result(slot);
        rules.wrote(slot);
        return this;
    }

    /**
     * Lets the instruction appended last, {@link #syscall} or {@link #netlink}, go on after some errors. Its slot then
     * holds the negative error number: do not use it as a descriptor.
     *
     * @param errors at most three
     * @return this
     */
    public ProgramBuilder tolerating(Errno... errors) {
        requireOneOf("tolerated errors", Opcode.SYSCALL, Opcode.NETLINK);
        for (Errno error : errors) {
            instructions.tolerate(OperandRules.requireErrno(error));
        }
        return this;
    }

    /**
     * Lets the instruction appended last, {@link #syscall} or {@link #netlink}, go on after any error: for what is only
     * tried.
     *
     * @return this
     */
    public ProgramBuilder toleratingAll() {
        requireOneOf("tolerated errors", Opcode.SYSCALL, Opcode.NETLINK);
        instructions.tolerate(ProgramFormat.ANY_ERRNO);
        return this;
    }

    /**
     * Finishes the program.
     *
     * @return the program
     * @throws ProgramException if a section has no end, a label is not bound, or the program is larger than 16 MiB
     */
    public Program build() {
        if (built) {
            throw new ProgramException("the program is built already");
        }
        rules.requireComplete();
        built = true;
        return new Program(architecture, ProgramEncoder.encode(instructions, data, slots));
    }

    private ProgramBuilder append(Opcode opcode, int number, Argument... arguments) {
        rules.requireOpen(opcode);
        for (Argument argument : arguments) {
            rules.requireReadable(argument);
        }
        instructions.append(opcode, step, number, arguments);
        return this;
    }

    private void requireOneOf(String what, Opcode... opcodes) {
        Opcode last = instructions.lastOpcode();
        if (!List.of(opcodes).contains(last)) {
            throw new ProgramException(last + " has no " + what);
        }
    }
}
