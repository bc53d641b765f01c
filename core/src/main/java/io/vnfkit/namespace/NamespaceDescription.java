package io.vnfkit.namespace;

import io.vnfkit.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The namespaces of a VNF. Without a word from the user, mount, net, uts, ipc, pid and cgroup namespaces are new, and
 * user and time namespaces are inherited.
 *
 * <p>Immutable and thread-safe.
 */
public final class NamespaceDescription {

    private final Map<NamespaceKind, NamespaceSource> sources;
    private final Optional<String> hostname;
    private final Optional<String> domainname;
    private final List<IdMap> uidMaps;
    private final List<IdMap> gidMaps;
    private final TimeOffsets timeOffsets;
    private final List<NetworkInterface> interfaces;

    private NamespaceDescription(Builder builder) {
        this.sources = Collections.unmodifiableMap(new EnumMap<>(builder.sources));
        this.hostname = Optional.ofNullable(builder.hostname);
        this.domainname = Optional.ofNullable(builder.domainname);
        this.uidMaps = List.copyOf(builder.uidMaps);
        this.gidMaps = List.copyOf(builder.gidMaps);
        this.timeOffsets = builder.timeOffsets;
        this.interfaces = List.copyOf(builder.interfaces);
    }

    /**
     * A builder with the default.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Where the namespace of a kind comes from.
     *
     * @param kind the kind
     * @return its source
     */
    public NamespaceSource source(NamespaceKind kind) {
        return sources.get(kind);
    }

    /**
     * Tells whether the namespace of a kind is made for this VNF.
     *
     * @param kind the kind
     * @return true if so
     */
    public boolean isFresh(NamespaceKind kind) {
        return source(kind) instanceof NamespaceSource.Fresh;
    }

    /**
     * The host name in the new uts namespace.
     *
     * @return the name; empty leaves the host's
     */
    public Optional<String> hostname() {
        return hostname;
    }

    /**
     * The NIS domain name in the new uts namespace.
     *
     * @return the name; empty leaves the host's
     */
    public Optional<String> domainname() {
        return domainname;
    }

    /**
     * User ids of a new user namespace.
     *
     * @return its map
     */
    public List<IdMap> uidMaps() {
        return uidMaps;
    }

    /**
     * Group ids of a new user namespace.
     *
     * @return its map
     */
    public List<IdMap> gidMaps() {
        return gidMaps;
    }

    /**
     * Offsets of a new time namespace.
     *
     * @return the offsets
     */
    public TimeOffsets timeOffsets() {
        return timeOffsets;
    }

    /**
     * Interfaces of a new network namespace, beside lo.
     *
     * @return interfaces in the order of the description
     */
    public List<NetworkInterface> interfaces() {
        return interfaces;
    }

    /**
     * Contradictions within the description.
     *
     * @return what is wrong; empty if nothing is
     */
    public List<Problem> problems() {
        return new NamespaceRules(this).problems();
    }

    /** Builds a description. Not thread-safe. */
    public static final class Builder {

        private final Map<NamespaceKind, NamespaceSource> sources = new EnumMap<>(NamespaceKind.class);
        private String hostname;
        private String domainname;
        private final List<IdMap> uidMaps = new ArrayList<>();
        private final List<IdMap> gidMaps = new ArrayList<>();
        private TimeOffsets timeOffsets = TimeOffsets.NONE;
        private final List<NetworkInterface> interfaces = new ArrayList<>();

        private Builder() {
            isolateAll();
        }

        /**
         * Makes mount, net, uts, ipc, pid and cgroup namespaces new; user and time are inherited.
         *
         * @return this builder
         */
        public Builder isolateAll() {
            for (NamespaceKind kind : NamespaceKind.values()) {
                fresh(kind);
            }
            return inherit(NamespaceKind.USER).inherit(NamespaceKind.TIME);
        }

        /**
         * Makes a namespace new.
         *
         * @param kind its kind
         * @return this builder
         */
        public Builder fresh(NamespaceKind kind) {
            return source(kind, new NamespaceSource.Fresh());
        }

        /**
         * Leaves the VNF in the JVM's namespace of a kind.
         *
         * @param kind its kind
         * @return this builder
         */
        public Builder inherit(NamespaceKind kind) {
            return source(kind, new NamespaceSource.Inherited());
        }

        /**
         * Joins the namespace that a file stands for.
         *
         * @param kind its kind
         * @param path absolute path, such as {@code /run/netns/left}
         * @return this builder
         */
        public Builder join(NamespaceKind kind, Path path) {
            return source(kind, new NamespaceSource.OfPath(path));
        }

        /**
         * Joins the namespace of a process.
         *
         * @param kind its kind
         * @param pid the process as the JVM sees it
         * @return this builder
         */
        public Builder joinProcess(NamespaceKind kind, long pid) {
            return source(kind, new NamespaceSource.OfProcess(pid));
        }

        /**
         * Joins the namespace of a VNF that runs on the same host.
         *
         * @param kind its kind
         * @param name the VNF's name
         * @return this builder
         */
        public Builder joinVnf(NamespaceKind kind, String name) {
            return source(kind, new NamespaceSource.OfVnf(name));
        }

        private Builder source(NamespaceKind kind, NamespaceSource source) {
            sources.put(kind, source);
            return this;
        }

        /**
         * Sets the host name; it needs a new uts namespace.
         *
         * @param name at most 64 octets
         * @return this builder
         */
        public Builder hostname(String name) {
            hostname = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Sets the NIS domain name; it needs a new uts namespace.
         *
         * @param name at most 64 octets
         * @return this builder
         */
        public Builder domainname(String name) {
            domainname = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Makes the user namespace new and maps a range of user and group ids alike. Can be called several times.
         *
         * @param inside first id inside
         * @param outside first id outside
         * @param count number of ids
         * @return this builder
         */
        public Builder mapIds(long inside, long outside, long count) {
            return mapUids(inside, outside, count).mapGids(inside, outside, count);
        }

        /**
         * Makes the user namespace new and maps a range of user ids. Can be called several times.
         *
         * @param inside first id inside
         * @param outside first id outside
         * @param count number of ids
         * @return this builder
         */
        public Builder mapUids(long inside, long outside, long count) {
            uidMaps.add(new IdMap(inside, outside, count));
            return fresh(NamespaceKind.USER);
        }

        /**
         * Makes the user namespace new and maps a range of group ids. Can be called several times.
         *
         * @param inside first id inside
         * @param outside first id outside
         * @param count number of ids
         * @return this builder
         */
        public Builder mapGids(long inside, long outside, long count) {
            gidMaps.add(new IdMap(inside, outside, count));
            return fresh(NamespaceKind.USER);
        }

        /**
         * Makes the time namespace new, with offsets.
         *
         * @param offsets the offsets
         * @return this builder
         */
        public Builder timeOffsets(TimeOffsets offsets) {
            timeOffsets = Objects.requireNonNull(offsets, "offsets");
            return fresh(NamespaceKind.TIME);
        }

        /**
         * Adds a network interface; it needs a new network namespace.
         *
         * @param networkInterface the interface
         * @return this builder
         */
        public Builder networkInterface(NetworkInterface networkInterface) {
            interfaces.add(Objects.requireNonNull(networkInterface, "networkInterface"));
            return this;
        }

        /**
         * Seals the description.
         *
         * @return the description
         */
        public NamespaceDescription build() {
            return new NamespaceDescription(this);
        }
    }
}
