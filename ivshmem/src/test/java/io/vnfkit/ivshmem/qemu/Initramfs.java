package io.vnfkit.ivshmem.qemu;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A file system in memory that a guest starts with, as a cpio archive of format "newc" (initramfs buffer format). */
final class Initramfs {

    private static final int DIRECTORY = 0040755;
    private static final int PROGRAM = 0100755;

    private final ByteArrayOutputStream archive = new ByteArrayOutputStream();
    private int inode = 1;

    Initramfs directory(String path) {
        return add(path, DIRECTORY, new byte[0]);
    }

    Initramfs file(String path, byte[] content) {
        return add(path, PROGRAM, content);
    }

    private Initramfs add(String path, int mode, byte[] content) {
        byte[] name = (path + "\0").getBytes(StandardCharsets.US_ASCII);
        int[] fields = {inode++, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length, 0};
        StringBuilder header = new StringBuilder("070701");
        for (int field : fields) {
            header.append(String.format("%08x", field));
        }
        archive.writeBytes(header.toString().getBytes(StandardCharsets.US_ASCII));
        archive.writeBytes(name);
        pad();
        archive.writeBytes(content);
        pad();
        return this;
    }

    private void pad() {
        while (archive.size() % 4 != 0) {
            archive.write(0);
        }
    }

    byte[] bytes() {
        add("TRAILER!!!", 0, new byte[0]);
        return archive.toByteArray();
    }
}
