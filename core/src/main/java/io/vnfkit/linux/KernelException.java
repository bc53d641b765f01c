package io.vnfkit.linux;

import io.vnfkit.VnfkitException;

/** A refusal by the kernel, with its errno as data. */
public abstract class KernelException extends VnfkitException {

    private static final long serialVersionUID = 1L;

    private final int number;
    private final String hint;

    /**
     * Creates the exception.
     *
     * @param tried what was tried, on what, with which value
     * @param number the errno as the kernel gave it; 0 where the JDK does not pass it on
     * @param hint the likely cure; empty where none is known
     */
    protected KernelException(String tried, int number, String hint) {
        super(tried + " failed: " + Errno.describe(number) + (hint.isEmpty() ? "" : ": " + hint));
        this.number = number;
        this.hint = hint;
    }

    /**
     * The errno as a type.
     *
     * @return the constant; {@link Errno#UNKNOWN} where it has no name here
     */
    public Errno errno() {
        return Errno.of(number);
    }

    /**
     * Tells whether the kernel gave a certain errno.
     *
     * @param errno the one asked for
     * @return true if it was that
     */
    public boolean is(Errno errno) {
        return errno() == errno;
    }

    /**
     * The errno as the kernel gave it.
     *
     * @return a positive number; 0 where the JDK does not pass it on
     */
    public int number() {
        return number;
    }

    /**
     * The likely cure.
     *
     * @return a sentence; empty where none is known
     */
    public String hint() {
        return hint;
    }
}
