package io.vnfkit.unit;

import io.vnfkit.unit.DeviceRule.Access;
import io.vnfkit.unit.DeviceRule.Type;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which device nodes a control group may use: a default for all devices, and exceptions from it.
 *
 * <p>This is the model of the version 1 devices controller, and a version 2 program made of it decides the same. Where
 * the default is to deny, a request is allowed if one exception covers all of it; where the default is to allow, a
 * request is denied if an exception touches it at all. {@link #allow} and {@link #deny} read like writes to {@code
 * devices.allow} and {@code devices.deny}.
 *
 * <p>Immutable and thread-safe.
 *
 * @param allowsByDefault true if what no exception names is allowed
 * @param exceptions what is decided the other way; at most one rule for the same device numbers
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/devices.html">Device Whitelist Controller</a>
 */
public record DevicePolicy(boolean allowsByDefault, List<DeviceRule> exceptions) {

    private static final DevicePolicy ALLOW_ALL = new DevicePolicy(true, List.of());
    private static final DevicePolicy DENY_ALL = new DevicePolicy(false, List.of());

    // Making these nodes is allowed too, so that an init that joined the group can fill an empty /dev. There is no
    // wildcard "c *:* m" as in other runtimes: a node that is bind-mounted into the VNF is opened, not made, and needs
    // no 'm'.
    private static final DevicePolicy STANDARD = DENY_ALL
            .allow(DeviceRule.parse("c 1:3 rwm")) // null
            .allow(DeviceRule.parse("c 1:5 rwm")) // zero
            .allow(DeviceRule.parse("c 1:7 rwm")) // full
            .allow(DeviceRule.parse("c 1:8 rwm")) // random
            .allow(DeviceRule.parse("c 1:9 rwm")) // urandom
            .allow(DeviceRule.parse("c 5:0 rwm")) // tty
            .allow(DeviceRule.parse("c 5:2 rwm")) // ptmx
            .allow(DeviceRule.parse("c 136:* rwm")); // pts/*

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if an exception is of type {@link Type#ALL}, which would be a default
     */
    public DevicePolicy {
        exceptions = List.copyOf(exceptions);
        if (exceptions.stream().anyMatch(rule -> rule.type() == Type.ALL)) {
            throw new IllegalArgumentException("\"a *:* rwm\" is a default, not an exception from one");
        }
    }

    /**
     * Everything the parent group allows.
     *
     * @return {@code a *:* rwm} allowed
     */
    public static DevicePolicy allowAll() {
        return ALLOW_ALL;
    }

    /**
     * Nothing.
     *
     * @return {@code a *:* rwm} denied
     */
    public static DevicePolicy denyAll() {
        return DENY_ALL;
    }

    /**
     * The devices that every program expects and that give it nothing of the machine: null, zero, full, random,
     * urandom, tty, ptmx and the pseudo terminals.
     *
     * @return a policy that denies all others
     */
    public static DevicePolicy standard() {
        return STANDARD;
    }

    /**
     * Allows what a rule names, as a write to {@code devices.allow} does.
     *
     * @param rule what is allowed from now on; {@link DeviceRule#everything()} forgets all exceptions
     * @return the new policy
     * @throws IllegalArgumentException if {@link #obstacleToAllow} names an obstacle
     */
    public DevicePolicy allow(DeviceRule rule) {
        if (rule.type() == Type.ALL) {
            return ALLOW_ALL;
        }
        return allowsByDefault ? withoutExceptions(rule) : withException(rule);
    }

    /**
     * Denies what a rule names, as a write to {@code devices.deny} does.
     *
     * @param rule what is denied from now on; {@link DeviceRule#everything()} forgets all exceptions
     * @return the new policy
     * @throws IllegalArgumentException if {@link #obstacleToDeny} names an obstacle
     */
    public DevicePolicy deny(DeviceRule rule) {
        if (rule.type() == Type.ALL) {
            return DENY_ALL;
        }
        return allowsByDefault ? withException(rule) : withoutExceptions(rule);
    }

    /**
     * The exception that stands in the way of allowing a rule: a part of what was denied before would have to be cut
     * out of it, and a list of exceptions cannot say that.
     *
     * @param rule what shall be allowed
     * @return the exception; empty if the rule can be allowed
     */
    public Optional<DeviceRule> obstacleToAllow(DeviceRule rule) {
        return allowsByDefault ? obstacle(rule) : Optional.empty();
    }

    /**
     * The exception that stands in the way of denying a rule, as in {@link #obstacleToAllow}.
     *
     * @param rule what shall be denied
     * @return the exception; empty if the rule can be denied
     */
    public Optional<DeviceRule> obstacleToDeny(DeviceRule rule) {
        return allowsByDefault ? Optional.empty() : obstacle(rule);
    }

    /**
     * Tells whether nothing is restricted.
     *
     * @return true if all devices are allowed
     */
    public boolean isUnrestricted() {
        return allowsByDefault && exceptions.isEmpty();
    }

    /**
     * Decides a request as the kernel does.
     *
     * @param type block or character
     * @param major major number of the device
     * @param minor minor number of the device
     * @param access all that is wanted at once
     * @return true if it is allowed
     */
    public boolean permits(Type type, int major, int minor, Set<Access> access) {
        if (allowsByDefault) {
            return exceptions.stream().noneMatch(
                    rule -> names(rule, type, major, minor) && rule.access().stream().anyMatch(access::contains));
        }
        return exceptions.stream().anyMatch(
                rule -> names(rule, type, major, minor) && rule.access().containsAll(access));
    }

    /**
     * Tells whether a rule's whole range is allowed.
     *
     * @param rule the range
     * @return true if no device and no access in it is denied
     */
    public boolean permits(DeviceRule rule) {
        if (isUnrestricted()) {
            return true;
        }
        if (rule.type() == Type.ALL) {
            return false;
        }
        if (allowsByDefault) {
            return exceptions.stream().noneMatch(denied -> meets(denied, rule));
        }
        return exceptions.stream().anyMatch(
                allowed -> covers(allowed, rule) && allowed.access().containsAll(rule.access()));
    }

    private static boolean names(DeviceRule rule, Type type, int major, int minor) {
        return rule.type() == type
                && (rule.major().isEmpty() || rule.major().getAsInt() == major)
                && (rule.minor().isEmpty() || rule.minor().getAsInt() == minor);
    }

    private DevicePolicy withException(DeviceRule rule) {
        List<DeviceRule> changed = new ArrayList<>();
        DeviceRule merged = rule;
        int place = -1;
        for (DeviceRule exception : exceptions) {
            if (sameDevices(exception, rule)) {
                merged = withAccess(rule, union(exception.access(), rule.access()));
                place = changed.size();
            }
            changed.add(exception);
        }
        if (place < 0) {
            changed.add(merged);
        } else {
            changed.set(place, merged);
        }
        return new DevicePolicy(allowsByDefault, changed);
    }

    private DevicePolicy withoutExceptions(DeviceRule rule) {
        obstacle(rule).ifPresent(exception -> {
            throw new IllegalArgumentException("cannot cut \"" + rule + "\" out of \"" + exception + "\"");
        });
        List<DeviceRule> changed = new ArrayList<>();
        for (DeviceRule exception : exceptions) {
            if (!covers(rule, exception)) {
                changed.add(exception);
                continue;
            }
            Set<Access> left = EnumSet.copyOf(exception.access());
            left.removeAll(rule.access());
            if (!left.isEmpty()) {
                changed.add(withAccess(exception, left));
            }
        }
        return new DevicePolicy(allowsByDefault, changed);
    }

    private Optional<DeviceRule> obstacle(DeviceRule rule) {
        if (rule.type() == Type.ALL) {
            return Optional.empty();
        }
        return exceptions.stream()
                .filter(exception -> meets(exception, rule) && !covers(rule, exception))
                .findFirst();
    }

    private static boolean meets(DeviceRule one, DeviceRule other) {
        return one.type() == other.type()
                && compatible(one.major(), other.major())
                && compatible(one.minor(), other.minor())
                && one.access().stream().anyMatch(other.access()::contains);
    }

    private static boolean compatible(OptionalInt one, OptionalInt other) {
        return one.isEmpty() || other.isEmpty() || one.equals(other);
    }

    private static boolean covers(DeviceRule wide, DeviceRule narrow) {
        return wide.type() == narrow.type()
                && (wide.major().isEmpty() || wide.major().equals(narrow.major()))
                && (wide.minor().isEmpty() || wide.minor().equals(narrow.minor()));
    }

    private static boolean sameDevices(DeviceRule one, DeviceRule other) {
        return covers(one, other) && covers(other, one);
    }

    private static DeviceRule withAccess(DeviceRule rule, Set<Access> access) {
        return new DeviceRule(rule.type(), rule.major(), rule.minor(), access);
    }

    private static Set<Access> union(Set<Access> one, Set<Access> other) {
        Set<Access> union = EnumSet.copyOf(one);
        union.addAll(other);
        return union;
    }

    /**
     * The policy as the kernel's rule grammar would say it.
     *
     * @return such as {@code deny a *:* rwm, allow c 1:3 rwm}
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(allowsByDefault ? "allow " : "deny ").append(DeviceRule.everything());
        exceptions.forEach(rule -> text.append(allowsByDefault ? ", deny " : ", allow ").append(rule));
        return text.toString();
    }
}
