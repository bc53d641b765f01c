package io.vnfkit;

import io.vnfkit.cgroup.CgroupDescription;
import io.vnfkit.mount.RootFilesystem;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.namespace.NamespaceDescription;
import io.vnfkit.security.SecurityDescription;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Description of a VNF: what shall run, in which namespaces, with which limits, and what it sees of the host. Making one touches
 * nothing.
 *
 * <p>Immutable and thread-safe.
 *
 * <pre>{@code
 * Vnf bng = Vnf.named("bng-1")
 *         .root(RootFilesystem.hostReadOnly())
 *         .namespaces(ns -> ns.isolateAll().hostname("bng-1"))
 *         .cgroup(cg -> cg.cpus(CpuSet.parse("2-5")).memoryNodes(NodeSet.of(0)))
 *         .command("dpdk-testpmd", EalArguments.fromGrant(), "--", "--forward-mode=mac")
 *         .build();
 * }</pre>
 */
public final class Vnf {

    /** The longest name: it becomes the name of control groups and of a directory. */
    public static final int MAXIMUM_NAME = 64;

    private final String name;
    private final RootFilesystem root;
    private final NamespaceDescription namespaces;
    private final CgroupDescription cgroup;
    private final SecurityDescription security;
    private final List<VnfMount> mounts;
    private final List<VnfFeature> features;
    private final List<CommandArgument> command;
    private final Environment environment;
    private final Path workingDirectory;
    private final StandardStreams streams;
    private final boolean init;
    private final OnJvmExit onJvmExit;

    private Vnf(Builder builder) {
        this.name = builder.name;
        this.root = builder.root;
        this.namespaces = builder.namespaces.build();
        this.cgroup = builder.cgroup.build();
        this.security = builder.security.build();
        this.mounts = List.copyOf(builder.mounts);
        this.features = List.copyOf(builder.features);
        this.command = List.copyOf(builder.command);
        this.environment = builder.environment;
        this.workingDirectory = builder.workingDirectory;
        this.streams = builder.streams;
        this.init = builder.init;
        this.onJvmExit = builder.onJvmExit;
    }

    /**
     * Starts a description.
     *
     * @param name its name, exclusive on a host: 1 to 64 letters, digits, dots, hyphens and underscores, a letter or digit
     *     first
     * @return a new builder
     * @throws IllegalArgumentException if the name has another form
     */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /**
     * The name.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * What it sees as {@code /}.
     *
     * @return its root file system
     */
    public RootFilesystem root() {
        return root;
    }

    /**
     * Its namespaces.
     *
     * @return their description
     */
    public NamespaceDescription namespaces() {
        return namespaces;
    }

    /**
     * Its control groups.
     *
     * @return their description
     */
    public CgroupDescription cgroup() {
        return cgroup;
    }

    /**
     * Its rights.
     *
     * @return their description
     */
    public SecurityDescription security() {
        return security;
    }

    /**
     * Mounts beside those of its features.
     *
     * @return mounts in the order of the description
     */
    public List<VnfMount> mounts() {
        return mounts;
    }

    /**
     * Its features.
     *
     * @return features in the order of the description
     */
    public List<VnfFeature> features() {
        return features;
    }

    /**
     * The command.
     *
     * @return the command and its arguments
     */
    public List<CommandArgument> command() {
        return command;
    }

    /**
     * The words of the command that do not depend on the grant, for features that look for options in it.
     *
     * @return words in their order
     */
    public List<String> commandWords() {
        return command.stream().flatMap(argument -> argument.words().stream()).toList();
    }

    /**
     * Its environment.
     *
     * @return an allow-list
     */
    public Environment environment() {
        return environment;
    }

    /**
     * The directory that it starts in.
     *
     * @return an absolute path inside its root
     */
    public Path workingDirectory() {
        return workingDirectory;
    }

    /**
     * Its standard streams.
     *
     * @return where they go
     */
    public StandardStreams streams() {
        return streams;
    }

    /**
     * Whether a tiny pid 1 reaps orphans and forwards signals to the command.
     *
     * @return true if so; otherwise the command itself is pid 1 of a new pid namespace
     */
    public boolean init() {
        return init;
    }

    /**
     * What becomes of it when the JVM ends.
     *
     * @return killed or left running
     */
    public OnJvmExit onJvmExit() {
        return onJvmExit;
    }

    @Override
    public String toString() {
        return "VNF " + name;
    }

    /** Builds a description. Not thread-safe. */
    public static final class Builder {

        private final String name;
        private RootFilesystem root = RootFilesystem.hostReadOnly();
        private final NamespaceDescription.Builder namespaces = NamespaceDescription.builder();
        private final CgroupDescription.Builder cgroup = CgroupDescription.builder();
        private final SecurityDescription.Builder security = SecurityDescription.builder();
        private final List<VnfMount> mounts = new ArrayList<>();
        private final List<VnfFeature> features = new ArrayList<>();
        private List<CommandArgument> command = List.of();
        private Environment environment = Environment.DEFAULT;
        private Path workingDirectory = Path.of("/");
        private StandardStreams streams = StandardStreams.DISCARD;
        private boolean init;
        private OnJvmExit onJvmExit = OnJvmExit.KILL;

        private Builder(String name) {
            this.name = requireName(name);
        }

        private static String requireName(String name) {
            Objects.requireNonNull(name, "name");
            boolean valid = name.length() <= MAXIMUM_NAME && name.matches("[A-Za-z0-9][A-Za-z0-9._-]*");
            if (!valid) {
                throw new IllegalArgumentException("VNF name \"" + name + "\": use 1 to " + MAXIMUM_NAME
                        + " letters, digits, dots, hyphens and underscores, a letter or digit first");
            }
            return name;
        }

        /**
         * Sets what the VNF sees as {@code /}.
         *
         * @param rootFilesystem the root
         * @return this builder
         */
        public Builder root(RootFilesystem rootFilesystem) {
            root = Objects.requireNonNull(rootFilesystem, "rootFilesystem");
            return this;
        }

        /**
         * Describes its namespaces.
         *
         * @param description called with the builder
         * @return this builder
         */
        public Builder namespaces(Consumer<NamespaceDescription.Builder> description) {
            description.accept(namespaces);
            return this;
        }

        /**
         * Describes its control groups.
         *
         * @param description called with the builder
         * @return this builder
         */
        public Builder cgroup(Consumer<CgroupDescription.Builder> description) {
            description.accept(cgroup);
            return this;
        }

        /**
         * Describes its rights.
         *
         * @param description called with the builder
         * @return this builder
         */
        public Builder security(Consumer<SecurityDescription.Builder> description) {
            description.accept(security);
            return this;
        }

        /**
         * Adds a mount, such as a directory with configuration.
         *
         * @param mount the mount
         * @return this builder
         */
        public Builder mount(VnfMount mount) {
            mounts.add(Objects.requireNonNull(mount, "mount"));
            return this;
        }

        /**
         * Adds a feature.
         *
         * @param feature the feature
         * @return this builder
         */
        public Builder with(VnfFeature feature) {
            features.add(Objects.requireNonNull(feature, "feature"));
            return this;
        }

        /**
         * Sets the command.
         *
         * @param words strings, and {@link CommandArgument}s for parts that depend on the grant
         * @return this builder
         * @throws IllegalArgumentException if there is none, or one is of another type
         */
        public Builder command(Object... words) {
            List<CommandArgument> arguments = new ArrayList<>();
            for (Object word : words) {
                arguments.add(toArgument(word));
            }
            if (arguments.isEmpty()) {
                throw new IllegalArgumentException("a command has at least one word");
            }
            command = arguments;
            return this;
        }

        private static CommandArgument toArgument(Object word) {
            if (word instanceof String text) {
                return new CommandArgument.Word(text);
            }
            if (word instanceof CommandArgument argument) {
                return argument;
            }
            throw new IllegalArgumentException("a command is made of strings and CommandArguments, not of " + word);
        }

        /**
         * Changes its environment.
         *
         * @param change from the environment so far to the new one
         * @return this builder
         */
        public Builder environment(UnaryOperator<Environment> change) {
            environment = Objects.requireNonNull(change.apply(environment), "environment");
            return this;
        }

        /**
         * Sets the directory that it starts in.
         *
         * @param path absolute path inside its root
         * @return this builder
         */
        public Builder workingDirectory(String path) {
            Path directory = Path.of(path);
            if (!directory.isAbsolute()) {
                throw new IllegalArgumentException("not an absolute path: " + path);
            }
            workingDirectory = directory;
            return this;
        }

        /**
         * Sets where its standard streams go; without it they are discarded.
         *
         * @param standardStreams the three streams
         * @return this builder
         */
        public Builder streams(StandardStreams standardStreams) {
            streams = Objects.requireNonNull(standardStreams, "standardStreams");
            return this;
        }

        /**
         * Puts a tiny pid 1 before the command that reaps orphans and forwards signals. Shells and programs with helper
         * processes want it; a DPDK primary process does not need it.
         *
         * @return this builder
         */
        public Builder init() {
            init = true;
            return this;
        }

        /**
         * Says what becomes of it when the JVM ends.
         *
         * @param policy killed, which is the default, or left running
         * @return this builder
         */
        public Builder onJvmExit(OnJvmExit policy) {
            onJvmExit = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Seals the description.
         *
         * @return the description
         * @throws InvalidVnfException if it contradicts itself
         */
        public Vnf build() {
            Vnf vnf = new Vnf(this);
            List<Problem> problems = new ArrayList<>(vnf.namespaces.problems());
            problems.addAll(vnf.security.problems());
            if (vnf.command.isEmpty()) {
                problems.add(new Problem("command", "there is none", "give it with command(...)"));
            }
            if (!problems.isEmpty()) {
                throw new InvalidVnfException(name, problems);
            }
            return vnf;
        }
    }
}
