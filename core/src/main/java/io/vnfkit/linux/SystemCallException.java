package io.vnfkit.linux;

/** A system call that failed. */
public final class SystemCallException extends KernelException {

    private static final long serialVersionUID = 1L;

    private final String call;

    /**
     * Creates the exception.
     *
     * @param call name of the system call, such as {@code mount}
     * @param arguments its arguments as a person would write them
     * @param number the errno
     */
    public SystemCallException(String call, String arguments, int number) {
        this(call, arguments, number, "");
    }

    /**
     * Creates the exception with a cure.
     *
     * @param call name of the system call, such as {@code mount}
     * @param arguments its arguments as a person would write them
     * @param number the errno
     * @param hint the likely cure
     */
    public SystemCallException(String call, String arguments, int number, String hint) {
        super(call + "(" + arguments + ")", number, hint);
        this.call = call;
    }

    /**
     * Which call failed.
     *
     * @return such as {@code mount}
     */
    public String call() {
        return call;
    }
}
