package io.vnfkit.security;

import io.vnfkit.Problem;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The rights of a VNF: user, capabilities, no_new_privs, resource limits, memory policy.
 *
 * <p>Immutable and thread-safe.
 */
public final class SecurityDescription {

    private final UserIdentity user;
    private final CapabilitySets capabilities;
    private final boolean noNewPrivileges;
    private final Map<ResourceLimit.Kind, ResourceLimit> resourceLimits;
    private final MemoryPolicy memoryPolicy;

    private SecurityDescription(Builder builder) {
        this.user = builder.user;
        this.capabilities = builder.capabilities;
        this.noNewPrivileges = builder.noNewPrivileges;
        this.resourceLimits = Collections.unmodifiableMap(new EnumMap<>(builder.resourceLimits));
        this.memoryPolicy = builder.memoryPolicy;
    }

    /**
     * A builder with the default: root with {@link CapabilitySets#DPDK_DEFAULT}, no_new_privs, the JVM's resource
     * limits.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Who the VNF runs as.
     *
     * @return ids inside its user namespace
     */
    public UserIdentity user() {
        return user;
    }

    /**
     * Its capabilities.
     *
     * @return the five sets
     */
    public CapabilitySets capabilities() {
        return capabilities;
    }

    /**
     * Whether set-user-id programs and file capabilities are without effect.
     *
     * @return true unless switched off
     */
    public boolean noNewPrivileges() {
        return noNewPrivileges;
    }

    /**
     * Its resource limits.
     *
     * @return limits that differ from the JVM's, in the kernel's order
     */
    public List<ResourceLimit> resourceLimits() {
        return List.copyOf(resourceLimits.values());
    }

    /**
     * Its memory policy.
     *
     * @return the policy
     */
    public MemoryPolicy memoryPolicy() {
        return memoryPolicy;
    }

    /**
     * Contradictions within the description.
     *
     * @return what is wrong; empty if nothing is
     */
    public List<Problem> problems() {
        return new RightsRules(this).problems();
    }

    /** Builds a description. Not thread-safe. */
    public static final class Builder {

        private UserIdentity user = UserIdentity.ROOT;
        private CapabilitySets capabilities = CapabilitySets.DPDK_DEFAULT;
        private boolean noNewPrivileges = true;
        private final Map<ResourceLimit.Kind, ResourceLimit> resourceLimits = new EnumMap<>(ResourceLimit.Kind.class);
        private MemoryPolicy memoryPolicy = MemoryPolicy.DEFAULT;

        private Builder() {}

        /**
         * Runs the VNF as a user.
         *
         * @param uid user id inside its user namespace
         * @param gid group id
         * @param groups supplementary groups
         * @return this builder
         */
        public Builder user(long uid, long gid, Long... groups) {
            user = new UserIdentity(uid, gid, Arrays.asList(groups));
            return this;
        }

        /**
         * Sets the capabilities. A user other than root needs them ambient, see
         * {@link CapabilitySets#keptForOtherUsers()}.
         *
         * @param sets the five sets
         * @return this builder
         */
        public Builder capabilities(CapabilitySets sets) {
            capabilities = Objects.requireNonNull(sets, "sets");
            return this;
        }

        /**
         * Lets set-user-id programs and file capabilities take effect.
         *
         * @return this builder
         */
        public Builder allowNewPrivileges() {
            noNewPrivileges = false;
            return this;
        }

        /**
         * Sets a resource limit, soft and hard alike.
         *
         * @param kind what is limited
         * @param value the limit; {@link ResourceLimit#UNLIMITED} for none
         * @return this builder
         */
        public Builder resourceLimit(ResourceLimit.Kind kind, long value) {
            return resourceLimit(kind, value, value);
        }

        /**
         * Sets a resource limit.
         *
         * @param kind what is limited
         * @param soft the limit in force
         * @param hard what the VNF may raise it to
         * @return this builder
         */
        public Builder resourceLimit(ResourceLimit.Kind kind, long soft, long hard) {
            resourceLimits.put(kind, new ResourceLimit(kind, soft, hard));
            return this;
        }

        /**
         * Sets the NUMA memory policy.
         *
         * @param policy the policy
         * @return this builder
         */
        public Builder memoryPolicy(MemoryPolicy policy) {
            memoryPolicy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Seals the description.
         *
         * @return the description
         */
        public SecurityDescription build() {
            return new SecurityDescription(this);
        }
    }
}
