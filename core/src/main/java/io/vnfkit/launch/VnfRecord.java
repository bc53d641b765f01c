package io.vnfkit.launch;

import io.vnfkit.VnfkitException;
import io.vnfkit.cgroup.CgroupDescription;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
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

/**
 * What has to be known of a VNF to take it down, or to control it from another JVM. Written before the first step, and again when
 * it runs.
 *
 * @param pid its process; 0 before it runs
 * @param startTime start of the process in clock ticks since boot, against reuse of its id
 * @param supervisorPid the supervisor; 0 before it runs
 * @param supervisorStartTime start of the supervisor
 * @param cgroups its control groups, in the order in which they are made
 * @param unified its version 2 control group
 * @param volumes mount points of shared volumes that it uses
 * @param rights its user and capabilities, as {@link RightsText} writes them
 * @param description the limits in force
 * @param environment its environment
 */
record VnfRecord(
        long pid,
        long startTime,
        long supervisorPid,
        long supervisorStartTime,
        List<Path> cgroups,
        Optional<Path> unified,
        List<Path> volumes,
        String rights,
        CgroupDescription description,
        SortedMap<String, String> environment) {

    private static final String FILE = "record";
    private static final String CGROUP = "cgroup.";
    private static final String VOLUME = "volume.";
    private static final String ENVIRONMENT = "environment.";

    /** Copies the collections. */
    VnfRecord {
        cgroups = List.copyOf(cgroups);
        volumes = List.copyOf(volumes);
        environment = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    }

    VnfRecord running(long newPid, long newStartTime, long newSupervisorPid, long newSupervisorStartTime) {
        return new VnfRecord(newPid, newStartTime, newSupervisorPid, newSupervisorStartTime, cgroups, unified, volumes,
                rights, description, environment);
    }

    VnfRecord withLimits(CgroupDescription limits) {
        return new VnfRecord(pid, startTime, supervisorPid, supervisorStartTime, cgroups, unified, volumes, rights, limits,
                environment);
    }

    static Optional<VnfRecord> read(Path directory) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(directory.resolve(FILE), StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException failure) {
            throw new VnfkitException("cannot read " + directory.resolve(FILE)
                    + "; if no VNF of that name runs, remove the directory", failure);
        }
        return Optional.of(of(properties));
    }

    private static VnfRecord of(Properties properties) {
        SortedMap<String, String> environment = new TreeMap<>();
        properties.stringPropertyNames().stream().filter(key -> key.startsWith(ENVIRONMENT)).forEach(
                key -> environment.put(key.substring(ENVIRONMENT.length()), properties.getProperty(key)));
        return new VnfRecord(number(properties, "pid"), number(properties, "startTime"), number(properties, "supervisorPid"),
                number(properties, "supervisorStartTime"), paths(properties, CGROUP),
                Optional.ofNullable(properties.getProperty("unified")).map(Path::of), paths(properties, VOLUME),
                properties.getProperty("rights", ""), LimitsText.parse(properties.getProperty("limits", "")), environment);
    }

    private static long number(Properties properties, String key) {
        return Long.parseLong(properties.getProperty(key, "0"));
    }

    private static List<Path> paths(Properties properties, String prefix) {
        List<Path> paths = new ArrayList<>();
        for (int i = 0; properties.containsKey(prefix + i); i++) {
            paths.add(Path.of(properties.getProperty(prefix + i)));
        }
        return paths;
    }

    /** Replaces the record in one step: a crash leaves the old one or the new one, never half of it. */
    void write(Path directory) {
        Path temporary = directory.resolve(FILE + ".new");
        try {
            try (Writer writer = Files.newBufferedWriter(temporary, StandardCharsets.UTF_8)) {
                toProperties().store(writer, null);
            }
            Files.move(temporary, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + directory.resolve(FILE), failure);
        }
    }

    private Properties toProperties() {
        Properties properties = new Properties();
        properties.setProperty("pid", Long.toString(pid));
        properties.setProperty("startTime", Long.toString(startTime));
        properties.setProperty("supervisorPid", Long.toString(supervisorPid));
        properties.setProperty("supervisorStartTime", Long.toString(supervisorStartTime));
        put(properties, CGROUP, cgroups);
        unified.ifPresent(path -> properties.setProperty("unified", path.toString()));
        put(properties, VOLUME, volumes);
        properties.setProperty("rights", rights);
        properties.setProperty("limits", LimitsText.format(description));
        environment.forEach((name, value) -> properties.setProperty(ENVIRONMENT + name, value));
        return properties;
    }

    private static void put(Properties properties, String prefix, List<Path> paths) {
        for (int i = 0; i < paths.size(); i++) {
            properties.setProperty(prefix + i, paths.get(i).toString());
        }
    }

    static void delete(Path directory) {
        try {
            Files.deleteIfExists(directory.resolve(FILE + ".new"));
            Files.deleteIfExists(directory.resolve(FILE));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot remove the record in " + directory, failure);
        }
    }
}
