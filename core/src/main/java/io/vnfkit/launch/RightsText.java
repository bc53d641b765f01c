package io.vnfkit.launch;

import io.vnfkit.security.Capability;
import io.vnfkit.security.CapabilitySets;
import io.vnfkit.security.SecurityDescription;
import io.vnfkit.security.UserIdentity;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rights of a VNF as one line of its record, so that another JVM can start commands with the same ones: uid, gid, groups, five
 * capability masks, no_new_privs.
 *
 * @param user its ids
 * @param capabilities its capability sets
 * @param noNewPrivileges whether no_new_privs is set
 */
record RightsText(UserIdentity user, CapabilitySets capabilities, boolean noNewPrivileges) {

    private static final int FIELDS = 9;

    static RightsText of(SecurityDescription security) {
        return new RightsText(security.user(), security.capabilities(), security.noNewPrivileges());
    }

    static RightsText parse(String line) {
        String[] fields = line.split(" ", -1);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException("not the rights of a VNF: \"" + line + "\"");
        }
        List<Long> groups = fields[2].isEmpty() ? List.of() : Arrays.stream(fields[2].split(",")).map(Long::valueOf).toList();
        UserIdentity user = new UserIdentity(Long.parseLong(fields[0]), Long.parseLong(fields[1]), groups);
        CapabilitySets sets = new CapabilitySets(set(fields[3]), set(fields[4]), set(fields[5]), set(fields[6]), set(fields[7]));
        return new RightsText(user, sets, Boolean.parseBoolean(fields[8]));
    }

    private static Set<Capability> set(String mask) {
        long bits = Long.parseUnsignedLong(mask, 16);
        return Arrays.stream(Capability.values()).filter(each -> (bits & each.bit()) != 0).collect(Collectors.toSet());
    }

    private static String mask(Collection<Capability> set) {
        return Long.toHexString(CapabilitySets.mask(set));
    }

    @Override
    public String toString() {
        String groups = user.groups().stream().map(String::valueOf).collect(Collectors.joining(","));
        return String.join(" ", Long.toString(user.uid()), Long.toString(user.gid()), groups, mask(capabilities.effective()),
                mask(capabilities.permitted()), mask(capabilities.inheritable()), mask(capabilities.bounding()),
                mask(capabilities.ambient()), Boolean.toString(noNewPrivileges));
    }
}
