package io.vnfkit.dpdk.binding;

import io.vnfkit.VnfkitException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * The C source of the forwarding core, from the jar.
 *
 * @param files content by file name
 */
record ForwarderSource(Map<String, byte[]> files) {

    private static final String DIRECTORY = "META-INF/forwarder/";

    static ForwarderSource fromJar() {
        Map<String, byte[]> files = new TreeMap<>();
        String index = new String(read("index"), StandardCharsets.UTF_8);
        index.lines().forEach(name -> files.put(name, read(name)));
        return new ForwarderSource(files);
    }

    private static byte[] read(String name) {
        try (InputStream stream = ForwarderSource.class.getClassLoader().getResourceAsStream(DIRECTORY + name)) {
            if (stream == null) {
                throw new VnfkitException("the jar of vnfkit-core has no " + DIRECTORY + name);
            }
            return stream.readAllBytes();
        } catch (IOException failure) {
            throw new VnfkitException("cannot read " + DIRECTORY + name + " from the jar of vnfkit-core", failure);
        }
    }

    /** Names and contents, as one SHA-256 in hexadecimal digits. */
    String digest() {
        MessageDigest digest = sha256();
        files.forEach((name, content) -> {
            digest.update((name + "\0" + content.length + "\0").getBytes(StandardCharsets.UTF_8));
            digest.update(content);
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    void writeTo(Path directory) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(directory.resolve(file.getKey()), file.getValue());
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new VnfkitException("every JDK has SHA-256", impossible);
        }
    }
}
