package io.vnfkit.ivshmem.memif;

/**
 * What the two sides of a link say to each other over their socket, in 128 bytes each. Numbers that the protocol has as
 * unsigned are not negative here. Texts are Latin-1 without NUL. Every record refuses values that have no encoding.
 */
public sealed interface MemifMessage {

    /** Version 2.0, the only one there is. */
    int VERSION = 0x0200;
    /** Bytes of a name. */
    int NAME_BYTES = 32;
    /** Bytes of a secret. */
    int SECRET_BYTES = 24;
    /** Bytes of the reason of a disconnect. */
    int REASON_BYTES = 96;

    /** The server has done what the last message asked for. */
    record Ack() implements MemifMessage {}

    /**
     * The server greets. Limits are the highest index, one less than a count.
     *
     * @param name of the server's program
     * @param lowestVersion lowest version it speaks
     * @param highestVersion highest version it speaks
     * @param highestRegion highest index of a region
     * @param highestServerToClient highest index of a ring that the server sends on
     * @param highestClientToServer highest index of a ring that the client sends on
     * @param highestLog2 largest ring, as a logarithm
     */
    record Hello(String name, int lowestVersion, int highestVersion, int highestRegion, int highestServerToClient,
            int highestClientToServer, int highestLog2) implements MemifMessage {
        /** Checks the ranges. */
        public Hello {
            FixedText.require("name", name, NAME_BYTES);
            FieldRange.require16("lowest version", lowestVersion);
            FieldRange.require16("highest version", highestVersion);
            FieldRange.require16("highest region", highestRegion);
            FieldRange.require16("highest ring to the client", highestServerToClient);
            FieldRange.require16("highest ring to the server", highestClientToServer);
            FieldRange.require8("highest ring size", highestLog2);
        }
    }

    /**
     * The client says which interface it wants.
     *
     * @param version of the protocol
     * @param id of the interface
     * @param mode 0 for Ethernet, 1 for IP, 2 for punt and inject
     * @param secret what the server may ask for; empty for none
     * @param name of the client's program
     */
    record Init(int version, long id, int mode, String secret, String name) implements MemifMessage {
        /** Ethernet frames. */
        public static final int ETHERNET = 0;

        /** Checks the ranges. */
        public Init {
            FieldRange.require16("version", version);
            FieldRange.require32("id", id);
            FieldRange.require8("mode", mode);
            FixedText.require("secret", secret, SECRET_BYTES);
            FixedText.require("name", name, NAME_BYTES);
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "Init[version=" + version + ", id=" + id + ", mode=" + mode + ", name=" + name + "]";
        }
    }

    /**
     * The client gives a region of memory; its descriptor comes along.
     *
     * @param index regions are numbered from 0 without a gap
     * @param size bytes, from the beginning of the file; unsigned
     */
    record AddRegion(int index, long size) implements MemifMessage {
        /** Checks the range. */
        public AddRegion {
            FieldRange.require16("index of a region", index);
        }
    }

    /**
     * The client gives a ring; the eventfd that wakes its receiver comes along.
     *
     * @param direction which way it carries packets
     * @param index rings of each direction are numbered from 0
     * @param region where it lies
     * @param offset where in the region
     * @param log2Size number of descriptors, as a logarithm
     * @param privateHeader bytes of a header before each packet; 0
     */
    record AddRing(Direction direction, int index, int region, long offset, int log2Size, int privateHeader)
            implements MemifMessage {
        /** Checks the ranges. */
        public AddRing {
            FieldRange.require16("index of a ring", index);
            FieldRange.require16("region of a ring", region);
            FieldRange.require32("offset of a ring", offset);
            FieldRange.require8("size of a ring", log2Size);
            FieldRange.require16("private header", privateHeader);
        }
    }

    /**
     * The client has given everything.
     *
     * @param interfaceName what it calls its end
     */
    record Connect(String interfaceName) implements MemifMessage {
        /** Checks the name. */
        public Connect {
            FixedText.require("name of an interface", interfaceName, NAME_BYTES);
        }
    }

    /**
     * The server has taken everything: packets may go.
     *
     * @param interfaceName what it calls its end
     */
    record Connected(String interfaceName) implements MemifMessage {
        /** Checks the name. */
        public Connected {
            FixedText.require("name of an interface", interfaceName, NAME_BYTES);
        }
    }

    /**
     * Either side ends the link.
     *
     * @param code unsigned; no meaning is agreed on
     * @param reason for people
     */
    record Disconnect(long code, String reason) implements MemifMessage {
        /** Checks the ranges. */
        public Disconnect {
            FieldRange.require32("code", code);
            FixedText.require("reason", reason, REASON_BYTES);
        }

        /** A reason of any length and alphabet, as much of it as there is room for. */
        static Disconnect because(String reason) {
            return new Disconnect(0, FixedText.fit(reason, REASON_BYTES - 1));
        }
    }
}
