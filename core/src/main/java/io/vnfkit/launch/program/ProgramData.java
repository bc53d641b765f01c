package io.vnfkit.launch.program;

import io.vnfkit.launch.program.Argument.Data;
import io.vnfkit.launch.program.Argument.Vector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The data of a program under construction: the bytes that its arguments point to. Belongs to one
 * {@link ProgramBuilder}; not thread-safe.
 */
public final class ProgramData {

    private final Map<String, Data> strings = new HashMap<>();
    private byte[] bytes = new byte[4096];
    private ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    private int size;
    private int[] relocations = new int[64];
    private int relocationCount;

    ProgramData() {}

    /**
     * Puts a string into the data, NUL-terminated in UTF-8. Equal strings are kept once: the program must not write to
     * it.
     *
     * @param text the string
     * @return where it is
     * @throws ProgramException if it holds a NUL character or half a surrogate pair
     */
    public Data string(String text) {
        Data known = strings.get(text);
        if (known != null) {
            return known;
        }
        requireEncodable(text);
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        int offset = reserve(encoded.length + 1);
        System.arraycopy(encoded, 0, bytes, offset, encoded.length);
        Data data = new Data(offset);
        strings.put(text, data);
        return data;
    }

    private static void requireEncodable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw new ProgramException("the string \"" + text.replace("\0", "\\0")
                        + "\" holds a NUL character at index " + i + ": the kernel would cut it there");
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new ProgramException("the string \"" + text + "\" holds half a surrogate pair at index " + i
                        + ": it has no UTF-8 form");
            }
        }
    }

    /**
     * Puts bytes into the data, 8-aligned and not shared with anything, so that the program may change them.
     *
     * @param content the bytes
     * @return where they are
     */
    public Data bytes(byte[] content) {
        align();
        int offset = reserve(content.length);
        System.arraycopy(content, 0, bytes, offset, content.length);
        return new Data(offset);
    }

    /**
     * Reserves zero bytes in the data, 8-aligned, for a syscall or a patch to fill in.
     *
     * @param length how many, at least 1
     * @return where they are
     */
    public Data buffer(int length) {
        if (length <= 0) {
            throw new ProgramException("a buffer of " + length + " bytes: at least 1 is needed");
        }
        align();
        return new Data(reserve(length));
    }

    /**
     * Puts an array of pointers to strings into the data, ended by a null pointer: argv, envp.
     *
     * @param texts the strings
     * @return where the array is
     */
    public Vector strings(List<String> texts) {
        Data[] targets = new Data[texts.size()];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = string(texts.get(i));
        }
        Data array = buffer((targets.length + 1) * Long.BYTES);
        for (int i = 0; i < targets.length; i++) {
            pointer(array.plus(i * Long.BYTES), targets[i]);
        }
        return new Vector(array.offset());
    }

    /**
     * Makes a word of the data a pointer to another place in the data, such as the {@code filter} of a
     * {@code struct sock_fprog}.
     *
     * @param field the word; its offset is a multiple of 8
     * @param target what it points to
     */
    public void pointer(Data field, Data target) {
        requireInside(target, 1);
        if (field.offset() % Long.BYTES != 0 || field.offset() < 0 || field.offset() + Long.BYTES > size) {
            throw new ProgramException("a pointer at data offset " + field.offset()
                    + ": it must be a multiple of 8 below " + size);
        }
        if (relocationCount == relocations.length) {
            relocations = Arrays.copyOf(relocations, relocationCount * 2);
        }
        words.putLong(field.offset(), target.offset());
        relocations[relocationCount++] = field.offset();
    }

    void requireInside(Data data, long length) {
        if (data.offset() < 0 || data.offset() + length > size) {
            throw new ProgramException(
                    length + " bytes at data offset " + data.offset() + ": the data has " + size + " bytes so far");
        }
    }

    /** The data with the zero word that ends the last string and that is never relocated. */
    int finishedSize() {
        return (size + Long.BYTES - 1) / Long.BYTES * Long.BYTES + Long.BYTES;
    }

    int relocationCount() {
        return relocationCount;
    }

    void write(ByteBuffer target, int relocationOffset, int dataOffset) {
        Arrays.sort(relocations, 0, relocationCount);
        for (int i = 0; i < relocationCount; i++) {
            if (i > 0 && relocations[i] == relocations[i - 1]) {
                throw new ProgramException("two pointers at data offset " + relocations[i]);
            }
            target.putInt(relocationOffset + i * Integer.BYTES, relocations[i]);
        }
        target.put(dataOffset, bytes, 0, size);
    }

    private void align() {
        reserve(-size & (Long.BYTES - 1));
    }

    private int reserve(int length) {
        int offset = size;
        int needed = Math.addExact(size, length);
        if (needed > ProgramFormat.MAX_SIZE) {
            throw new ProgramException("the data of the launch program needs more than " + ProgramFormat.MAX_SIZE
                    + " bytes");
        }
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
            words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
        size = needed;
        return offset;
    }
}
