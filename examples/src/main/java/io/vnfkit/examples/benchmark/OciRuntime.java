package io.vnfkit.examples.benchmark;

import io.vnfkit.cgroup.CgroupLayout;
import io.vnfkit.cgroup.Placement;
import io.vnfkit.linux.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An OCI runtime of this machine, {@code crun} or {@code runc}. */
public final class OciRuntime {

    private static final List<String> DIRECTORIES =
            List.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin");

    private final String name;
    private final Path program;

    private OciRuntime(String name, Path program) {
        this.name = name;
        this.program = program;
    }

    /**
     * Finds a runtime.
     *
     * @param name its name
     * @return the runtime; empty if it is not installed
     */
    public static Optional<OciRuntime> find(String name) {
        return DIRECTORIES.stream().map(directory -> Path.of(directory, name)).filter(Files::isExecutable).findFirst()
                .map(program -> new OciRuntime(name, program));
    }

    /**
     * The command that runs a container until it ends.
     *
     * <p>Where version 2 has controllers beside version 1, crun refuses to start: "cgroups in hybrid mode not
     * supported". So it gets a mount namespace without the version 2 hierarchy there.
     *
     * @param wrapper what starts the runtime inside of that namespace; may be empty
     * @param bundle directory of the bundle
     * @param id id of the container
     * @return the words of the command
     */
    public List<String> run(List<String> wrapper, Path bundle, String id) {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(program.toString(), "run", "--bundle", bundle.toString(), id));
        Optional<Path> hidden = hybridVersion2();
        if (hidden.isPresent()) {
            command.addAll(0, List.of("unshare", "--mount", "sh", "-c", "umount \"$0\" && exec \"$@\"",
                    hidden.get().toString()));
        }
        return command;
    }

    private static Optional<Path> hybridVersion2() {
        CgroupLayout layout = CgroupLayout.read(Host.thisHost().files());
        boolean hasVersion1 = layout.placements().values().stream().anyMatch(Placement.V1.class::isInstance);
        return layout.unified().filter(version2 -> hasVersion1).map(version2 -> version2.mountPoint());
    }

    /** Starts a program that times it. */
    Contestant timed(Path programs, LaunchScene scene) throws IOException {
        String id = "benchmark-" + name;
        Path bundle = Files.createDirectories(scene.directory().resolve(name));
        OciBundle.of(scene.root(), id, List.of(LaunchScene.PROGRAM)).cpus(scene.cpus(), scene.nodes()).write(bundle);
        return TimedProgram.start(name, run(List.of(programs.resolve("command_timer").toString()), bundle, id));
    }
}
