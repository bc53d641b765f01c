package io.vnfkit.launch.program;

/** Where an instruction takes an argument from. Immutable. */
public sealed interface Argument {

    /** In place of a descriptor: there is none. */
    Immediate NONE = new Immediate(-1);

    /** A zero or null pointer. */
    Immediate ZERO = new Immediate(0);

    /**
     * A plain value.
     *
     * @param value passed as is
     * @return the argument
     */
    static Immediate of(long value) {
        return value == 0 ? ZERO : new Immediate(value);
    }

    /**
     * What stands for the argument in the instruction.
     *
     * @return the value, offset or index
     */
    long encoded();

    /**
     * A plain value.
     *
     * @param value passed as is
     */
    record Immediate(long value) implements Argument {
        @Override
        public long encoded() {
            return value;
        }
    }

    /**
     * A place in the program's data, passed as a pointer.
     *
     * @param offset from the start of the data, in bytes
     */
    record Data(int offset) implements Argument {

        /**
         * A place further on, such as a field of a structure.
         *
         * @param distance in bytes
         * @return the place
         */
        public Data plus(int distance) {
            return new Data(Math.addExact(offset, distance));
        }

        @Override
        public long encoded() {
            return offset;
        }
    }

    /**
     * The result of an earlier instruction of the same process, or of its parent before {@link Opcode#CLONE}.
     *
     * @param index 0 to 255
     */
    record Slot(int index) implements Argument {
        @Override
        public long encoded() {
            return index;
        }
    }

    /**
     * An array of pointers into the data that ends with a null pointer, passed as a pointer: argv, envp.
     *
     * @param offset from the start of the data, in bytes; a multiple of 8
     */
    record Vector(int offset) implements Argument {
        @Override
        public long encoded() {
            return offset;
        }
    }
}
