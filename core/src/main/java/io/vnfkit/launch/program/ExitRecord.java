package io.vnfkit.launch.program;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a VNF ended, as its supervisor left it at the start of the VNF's lock file ({@code struct exit_record} of
 * {@code abi.h}). Only valid once nobody holds the lock.
 *
 * @param code as shells give it: 0 to 255, or 128 + n for signal n
 * @param status as wait4(2) returned it
 */
public record ExitRecord(int code, int status) {

    /** Size of the record, in bytes. */
    public static final int SIZE = 16;

    private static final int MAGIC = 0x58464e56;
    private static final int SIGNAL_MASK = 0x7f;

    /**
     * Decodes the record.
     *
     * @param content the file's content, from its position, which stays
     * @return the record; empty if the supervisor has not written one: the VNF still runs, or the supervisor was killed
     * @throws ProgramException if other bytes are there
     */
    public static Optional<ExitRecord> parse(ByteBuffer content) {
        if (content.remaining() == 0) {
            return Optional.empty();
        }
        if (content.remaining() < SIZE) {
            throw new ProgramException(content.remaining() + " bytes are no exit record: it has " + SIZE);
        }
        ByteBuffer fields = content.slice(content.position(), SIZE).order(ByteOrder.LITTLE_ENDIAN);
        int magic = fields.getInt(0);
        if (magic == 0) {
            return Optional.empty();
        }
        if (magic != MAGIC) {
            throw new ProgramException(String.format("an exit record has the magic %08x", magic));
        }
        return Optional.of(new ExitRecord(fields.getInt(4), fields.getInt(8)));
    }

    /**
     * The signal that ended the VNF.
     *
     * @return its number; empty if the VNF ended by itself
     */
    public OptionalInt signal() {
        int signal = status & SIGNAL_MASK;
        return signal == 0 ? OptionalInt.empty() : OptionalInt.of(signal);
    }
}
