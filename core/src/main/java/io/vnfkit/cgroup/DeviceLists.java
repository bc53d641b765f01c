package io.vnfkit.cgroup;

import io.vnfkit.unit.DevicePolicy;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.DeviceRule.Access;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reading and changing the lists of a version 1 devices group. */
final class DeviceLists {

    /** One write to {@code devices.allow} or {@code devices.deny}. */
    record Change(boolean allow, DeviceRule rule) {

        String file() {
            return allow ? "devices.allow" : "devices.deny";
        }
    }

    private DeviceLists() {}

    /**
     * Parses {@code devices.list}. Where the default is to allow, the kernel shows only {@code a *:* rwm} and hides the
     * exceptions.
     */
    static DevicePolicy parse(String list) {
        DevicePolicy policy = DevicePolicy.denyAll();
        for (String line : list.lines().toList()) {
            policy = policy.allow(DeviceRule.parse(line));
        }
        return policy;
    }

    /**
     * Tells whether the transition must start from an empty list of exceptions, so that for a moment it denies what
     * both policies allow, or allows what neither does. That is so when the default changes, and when it is to allow:
     * the kernel hides the exceptions then, so they can only be replaced as a whole.
     */
    static boolean startsAnew(DevicePolicy from, DevicePolicy to) {
        return from.allowsByDefault() != to.allowsByDefault() || to.allowsByDefault() && !to.equals(from);
    }

    /** The writes that lead from one policy to another: what widens first, then what narrows. */
    static List<Change> transition(DevicePolicy from, DevicePolicy to) {
        List<Change> changes = new ArrayList<>();
        if (startsAnew(from, to)) {
            changes.add(new Change(to.allowsByDefault(), DeviceRule.everything()));
            to.exceptions().forEach(rule -> changes.add(new Change(!to.allowsByDefault(), rule)));
            return changes;
        }
        // Exceptions are compared by exact device numbers, as the kernel does when it takes one out (dev_exception_rm).
        to.exceptions().forEach(rule -> difference(rule, from).ifPresent(
                added -> changes.add(new Change(true, added))));
        from.exceptions().forEach(rule -> difference(rule, to).ifPresent(
                removed -> changes.add(new Change(false, removed))));
        return changes;
    }

    /** What a rule says beyond the policy's rule for the same device numbers. */
    private static Optional<DeviceRule> difference(DeviceRule rule, DevicePolicy policy) {
        Set<Access> left = EnumSet.copyOf(rule.access());
        for (DeviceRule other : policy.exceptions()) {
            boolean same = other.type() == rule.type() && other.major().equals(rule.major())
                    && other.minor().equals(rule.minor());
            if (same) {
                left.removeAll(other.access());
            }
        }
        return left.isEmpty() ? Optional.empty()
                : Optional.of(new DeviceRule(rule.type(), rule.major(), rule.minor(), left));
    }
}
