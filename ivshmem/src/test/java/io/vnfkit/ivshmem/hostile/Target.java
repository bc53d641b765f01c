package io.vnfkit.ivshmem.hostile;

import java.nio.ByteBuffer;
import java.util.Random;

/** An object, and one that uses it while another one sabotages it. */
public interface Target extends AutoCloseable {

    /** The whole region. */
    ByteBuffer memory();

    /** Where the object begins. */
    int from();

    /** Where it ends. */
    int to();

    /** Where what everybody may read ends, which is needed to find the object and begins at 0. */
    int directoryEnd();

    /** Uses it; a RuntimeException that is not documented is a failure. */
    void use(Random random);

    @Override
    void close();
}
