package io.vnfkit.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory outside the heap for the arguments of one system call: paths as C strings, arrays of pointers, small
 * structures.
 *
 * <p>Taken from a buffer that each thread keeps, so that a call allocates nothing. Closing it keeps the memory
 * reachable until the call has returned. One at a time per thread.
 */
final class CallMemory implements AutoCloseable {

    /** Two paths of PATH_MAX and their options fit; what is larger gets memory of its own. */
    private static final int SIZE = 16 << 10;

    // A buffer rather than an object of this class: thread pools of a host application outlive its class loaders, and a
    // value of a JDK type does not hold on to one.
    private static final ThreadLocal<ByteBuffer> OF_THREAD =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(SIZE).order(ByteOrder.nativeOrder()));

    private final ByteBuffer buffer = OF_THREAD.get();
    private final long address = addressOf(buffer);
    private List<ByteBuffer> further;
    private int used;

    private CallMemory() {}

    static CallMemory begin() {
        return new CallMemory();
    }

    static long addressOf(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }

    /** Memory of {@code size} zero bytes, aligned to 8. */
    long zeroed(int size) {
        ByteBuffer part = take(size);
        for (int i = 0; i < size; i++) {
            part.put(i, (byte) 0);
        }
        return addressOf(part);
    }

    /** A view of {@code size} bytes with any content, aligned to 8. */
    ByteBuffer take(int size) {
        if (size > SIZE - used) {
            ByteBuffer own = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
            if (further == null) {
                further = new ArrayList<>();
            }
            further.add(own);
            return own;
        }
        ByteBuffer part = buffer.slice(used, size).order(ByteOrder.nativeOrder());
        used = Math.min(SIZE, (used + size + 7) & ~7);
        return part;
    }

    /**
     * A text as a C string in UTF-8, the encoding of paths on Linux.
     *
     * @throws IllegalArgumentException if it contains a NUL, where C would end it, or half of a surrogate pair
     */
    long text(String text) {
        int nul = text.indexOf('\0');
        if (nul >= 0) {
            throw new IllegalArgumentException("text for the kernel has a NUL at position " + nul + ": \""
                    + text.replace("\0", "\\0") + "\"");
        }
        int length = text.length();
        if (length < SIZE - used && isAscii(text)) {
            int start = used;
            for (int i = 0; i < length; i++) {
                buffer.put(start + i, (byte) text.charAt(i));
            }
            buffer.put(start + length, (byte) 0);
            used = Math.min(SIZE, (start + length + 1 + 7) & ~7);
            return address + start;
        }
        return encoded(text);
    }

    static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private long encoded(String text) {
        ByteBuffer bytes;
        try {
            // A new encoder reports what String.getBytes would quietly replace by a question mark: another file's name.
            bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException failure) {
            throw new IllegalArgumentException("text for the kernel is not valid Unicode: \"" + text + "\"", failure);
        }
        ByteBuffer part = take(bytes.remaining() + 1);
        part.put(bytes).put((byte) 0);
        return addressOf(part);
    }

    /** An array of pointers to C strings with a null pointer at its end. */
    long texts(List<String> texts) {
        ByteBuffer pointers = take(8 * (texts.size() + 1));
        for (int i = 0; i < texts.size(); i++) {
            pointers.putLong(8 * i, text(texts.get(i)));
        }
        pointers.putLong(8 * texts.size(), 0);
        return addressOf(pointers);
    }

    @Override
    public void close() {
        Reference.reachabilityFence(this);
    }
}
