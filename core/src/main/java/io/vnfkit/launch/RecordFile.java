package io.vnfkit.launch;

import io.vnfkit.VnfkitException;
import io.vnfkit.linux.WholeFile;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/** The file that holds a {@link VnfRecord}, as Java properties. Reading is strict: half a record would leave things behind. */
final class RecordFile {

    private static final String FILE = "record";
    private static final String CGROUP = "cgroup.";
    private static final String VOLUME = "volume.";
    private static final String PEER = "peer.";
    private static final String ENVIRONMENT = "environment.";

    private final Path file;
    private final Path replacement;

    /** The record in a VNF's directory. */
    RecordFile(Path directory) {
        this.file = directory.resolve(FILE);
        this.replacement = directory.resolve(FILE + ".new");
    }

    /** The record; empty if there is none. */
    Optional<VnfRecord> read() {
        // The rule at a launch. An exception would be slower than the rest of it.
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = new StringReader(WholeFile.read(file))) {
            properties.load(reader);
            return Optional.of(record(properties));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (AccessDeniedException refusal) {
            throw new VnfkitException("cannot read the record " + file + ": it is root's; run this JVM as root", refusal);
        } catch (IOException | RuntimeException failure) {
            throw new VnfkitException("the record " + file + " is damaged: " + failure.getMessage() + "; kill what runs in the"
                    + " control groups of this VNF, remove them, then the directory " + file.getParent(), failure);
        }
    }

    private static VnfRecord record(Properties properties) {
        SortedMap<String, String> environment = new TreeMap<>();
        properties.stringPropertyNames().stream().filter(key -> key.startsWith(ENVIRONMENT)).forEach(
                key -> environment.put(key.substring(ENVIRONMENT.length()), properties.getProperty(key)));
        return new VnfRecord(process(properties, "launcher"), Boolean.parseBoolean(value(properties, "diesWithLauncher")),
                process(properties, "process"), process(properties, "supervisor"), paths(properties, CGROUP),
                Optional.ofNullable(properties.getProperty("unified")).map(Path::of), paths(properties, VOLUME),
                peers(properties), RightsText.parse(value(properties, "rights")), LimitsText.parse(value(properties, "limits")), environment);
    }

    private static String value(Properties properties, String key) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException("it has no " + key);
        }
        return value;
    }

    private static ProcessIdentity process(Properties properties, String key) {
        String[] fields = value(properties, key).split(" ", -1);
        if (fields.length != 2) {
            throw new IllegalArgumentException(key + " is no id with a start time");
        }
        return new ProcessIdentity(Long.parseLong(fields[0]), Long.parseLong(fields[1]));
    }

    private static List<Path> paths(Properties properties, String prefix) {
        return values(properties, prefix).stream().map(Path::of).toList();
    }

    private static List<String> values(Properties properties, String prefix) {
        int count = Integer.parseInt(value(properties, prefix + "count"));
        List<String> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(value(properties, prefix + i));
        }
        return values;
    }

    private static List<VethPeer> peers(Properties properties) {
        return values(properties, PEER).stream().map(VethPeer::parse).toList();
    }

    /** Replaces the record in one step: a crash leaves the old one or the new one, never half of it. */
    void write(VnfRecord record) {
        try {
            StringWriter text = new StringWriter();
            properties(record).store(text, null);
            WholeFile.write(replacement, text.toString());
            Files.move(replacement, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + file, failure);
        }
    }

    private static Properties properties(VnfRecord record) {
        Properties properties = new Properties();
        put(properties, "launcher", record.launcher());
        properties.setProperty("diesWithLauncher", Boolean.toString(record.diesWithLauncher()));
        put(properties, "process", record.process());
        put(properties, "supervisor", record.supervisor());
        put(properties, CGROUP, record.cgroups());
        record.unified().ifPresent(path -> properties.setProperty("unified", path.toString()));
        put(properties, VOLUME, record.volumes());
        put(properties, PEER, record.peers());
        properties.setProperty("rights", record.rights().toString());
        properties.setProperty("limits", LimitsText.format(record.limits()));
        record.environment().forEach((name, value) -> properties.setProperty(ENVIRONMENT + name, value));
        return properties;
    }

    private static void put(Properties properties, String key, ProcessIdentity process) {
        properties.setProperty(key, process.pid() + " " + process.startTime());
    }

    private static void put(Properties properties, String prefix, List<?> values) {
        properties.setProperty(prefix + "count", Integer.toString(values.size()));
        for (int i = 0; i < values.size(); i++) {
            properties.setProperty(prefix + i, values.get(i).toString());
        }
    }

    void delete() {
        try {
            Files.deleteIfExists(replacement);
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot remove " + file, failure);
        }
    }
}
