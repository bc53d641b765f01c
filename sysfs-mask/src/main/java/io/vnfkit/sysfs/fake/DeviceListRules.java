package io.vnfkit.sysfs.fake;

import io.vnfkit.linux.Errno;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What the version 1 devices controller takes, and what it lists afterwards. */
final class DeviceListRules {

    private DeviceListRules() {}

    static void write(CgroupFile file, CgroupHierarchy hierarchy, String value, boolean hasChildren) {
        DeviceRule rule = parse(file, value);
        CgroupFile list = file.sibling("devices.list");
        boolean everything = rule.type() == DeviceRule.Type.ALL;
        if (everything && hasChildren) {
            throw file.refuse(Errno.EINVAL, value, "the group has child groups");
        }
        List<DeviceRule> rules = rules(list);
        if (file.name().equals("devices.deny")) {
            rules.removeIf(listed -> everything || covers(rule, listed));
        } else {
            if (!isAllowed(rule, rules(list.inParent(hierarchy)))) {
                throw file.refuse(Errno.EPERM, value, "the parent does not allow it");
            }
            if (everything) {
                rules.clear();
            }
            if (!isAllowed(rule, rules)) {
                rules.add(rule);
            }
        }
        list.set(String.join("\n", rules.stream().map(DeviceRule::toString).toList()));
    }

    private static DeviceRule parse(CgroupFile file, String value) {
        try {
            return DeviceRule.parse(value);
        } catch (InvalidValueException failure) {
            throw file.refuse(Errno.EINVAL, value, failure.getMessage());
        }
    }

    private static List<DeviceRule> rules(CgroupFile list) {
        List<DeviceRule> rules = new ArrayList<>();
        list.content().lines().map(DeviceRule::parse).forEach(rules::add);
        return rules;
    }

    private static boolean isAllowed(DeviceRule rule, List<DeviceRule> rules) {
        return rules.stream().anyMatch(listed -> covers(listed, rule));
    }

    private static boolean covers(DeviceRule wide, DeviceRule narrow) {
        if (wide.type() == DeviceRule.Type.ALL) {
            return true;
        }
        return wide.type() == narrow.type()
                && covers(wide.major(), narrow.major())
                && covers(wide.minor(), narrow.minor())
                && wide.access().containsAll(narrow.access());
    }

    private static boolean covers(OptionalInt wide, OptionalInt narrow) {
        return wide.isEmpty() || wide.equals(narrow);
    }
}
