package io.vnfkit.ivshmem.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Loads and stores in memory that another process changes at the same time.
 *
 * <p>What each kind of access promises, on x86-64 and aarch64 and between Java and C11:
 *
 * <table>
 * <caption>Memory order</caption>
 * <tr><th>method</th><th>C11</th><th>x86-64</th><th>aarch64</th><th>promise</th></tr>
 * <tr><td>{@code Acquire}</td><td>memory_order_acquire</td><td>MOV</td><td>LDAR</td><td>what follows in the program is not
 * seen earlier</td></tr>
 * <tr><td>{@code Release}</td><td>memory_order_release</td><td>MOV</td><td>STLR</td><td>what precedes in the program is seen
 * before</td></tr>
 * <tr><td>{@code Opaque}</td><td>memory_order_relaxed</td><td>MOV</td><td>LDR, STR</td><td>one access of the whole word, made
 * once: the compiler neither splits nor repeats it</td></tr>
 * </table>
 *
 * <p>Whatever is checked must be loaded once and kept in a local variable. A plain {@code ByteBuffer.getInt} may be
 * loaded again by the compiler after the check, when the other process has changed it; these may not.
 *
 * <p>Words lie at multiples of their size, which the buffer's address has to allow for too. Indexes are checked against
 * the buffer. Byte order is that of the machine: little endian on both architectures. Stateless and thread-safe.
 */
public final class SharedWords {

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle SHORT = MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.nativeOrder());

    private SharedWords() {}

    /**
     * Loads 16 bits; what follows is not seen earlier.
     *
     * @param memory the memory
     * @param at index of the first byte
     * @return the value, unsigned
     */
    public static int shortAcquire(ByteBuffer memory, int at) {
        return (short) SHORT.getAcquire(memory, at) & 0xffff;
    }

    /**
     * Loads 16 bits, once.
     *
     * @param memory the memory
     * @param at index of the first byte
     * @return the value, unsigned
     */
    public static int shortOpaque(ByteBuffer memory, int at) {
        return (short) SHORT.getOpaque(memory, at) & 0xffff;
    }

    /**
     * Stores 16 bits; what precedes is seen before.
     *
     * @param memory the memory
     * @param at index of the first byte
     * @param value the low 16 bits are stored
     */
    public static void shortRelease(ByteBuffer memory, int at, int value) {
        SHORT.setRelease(memory, at, (short) value);
    }

    /**
     * Loads 32 bits, once.
     *
     * @param memory the memory
     * @param at index of the first byte
     * @return the value
     */
    public static int intOpaque(ByteBuffer memory, int at) {
        return (int) INT.getOpaque(memory, at);
    }

    /**
     * Stores 32 bits, whole.
     *
     * @param memory the memory
     * @param at index of the first byte
     * @param value the value
     */
    public static void intOpaque(ByteBuffer memory, int at, int value) {
        INT.setOpaque(memory, at, value);
    }

    /**
     * Loads 32 bits; what follows is not seen earlier.
     *
     * @param memory the memory
     * @param at index of the first byte
     * @return the value
     */
    public static int intAcquire(ByteBuffer memory, int at) {
        return (int) INT.getAcquire(memory, at);
    }

    /**
     * Stores 32 bits; what precedes is seen before.
     *
     * @param memory the memory
     * @param at index of the first byte
     * @param value the value
     */
    public static void intRelease(ByteBuffer memory, int at, int value) {
        INT.setRelease(memory, at, value);
    }

    /**
     * Loads 64 bits, once.
     *
     * @param memory the memory
     * @param at index of the first byte
     * @return the value
     */
    public static long longOpaque(ByteBuffer memory, int at) {
        return (long) LONG.getOpaque(memory, at);
    }

    /**
     * Stores 64 bits, whole.
     *
     * @param memory the memory
     * @param at index of the first byte
     * @param value the value
     */
    public static void longOpaque(ByteBuffer memory, int at, long value) {
        LONG.setOpaque(memory, at, value);
    }

    /**
     * Loads 64 bits; what follows is not seen earlier.
     *
     * @param memory the memory
     * @param at index of the first byte
     * @return the value
     */
    public static long longAcquire(ByteBuffer memory, int at) {
        return (long) LONG.getAcquire(memory, at);
    }

    /**
     * Stores 64 bits; what precedes is seen before.
     *
     * @param memory the memory
     * @param at index of the first byte
     * @param value the value
     */
    public static void longRelease(ByteBuffer memory, int at, long value) {
        LONG.setRelease(memory, at, value);
    }

    /**
     * Stores 64 bits if the word has not changed. A full fence on both architectures.
     *
     * @param memory the memory
     * @param at index of the first byte
     * @param expected what it has to be
     * @param value what it becomes
     * @return whether it was as expected and has been changed
     */
    public static boolean longCompareAndSet(ByteBuffer memory, int at, long expected, long value) {
        return LONG.compareAndSet(memory, at, expected, value);
    }
}
