package io.vnfkit;

import io.vnfkit.cgroup.CgroupDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Description of a VNF: what shall run, in which namespaces, with which limits, and what it sees of the host. Making one touches
 * nothing.
 *
 * <p>Immutable and thread-safe.
 */
public final class Vnf {

    private final String name;
    private final CgroupDescription cgroup;
    private final List<VnfFeature> features;
    private final List<String> command;

    private Vnf(Builder builder) {
        this.name = builder.name;
        this.cgroup = builder.cgroup.build();
        this.features = List.copyOf(builder.features);
        this.command = List.copyOf(builder.command);
    }

    /**
     * Starts a description.
     *
     * @param name its name, exclusive on a host
     * @return a new builder
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
     * Its control groups.
     *
     * @return their description
     */
    public CgroupDescription cgroup() {
        return cgroup;
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
    public List<String> command() {
        return command;
    }

    /** Builds a description. Not thread-safe. */
    public static final class Builder {

        private final String name;
        private final CgroupDescription.Builder cgroup = CgroupDescription.builder();
        private final List<VnfFeature> features = new ArrayList<>();
        private List<String> command = List.of();

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
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
         * The command.
         *
         * @param words the command and its arguments
         * @return this builder
         */
        public Builder command(String... words) {
            command = List.of(words);
            return this;
        }

        /**
         * Seals the description.
         *
         * @return the description
         */
        public Vnf build() {
            return new Vnf(this);
        }
    }
}
