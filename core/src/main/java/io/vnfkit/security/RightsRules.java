package io.vnfkit.security;

import io.vnfkit.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What must hold within a {@link SecurityDescription}, whatever the host: sets that execve(2) would change cannot be
 * promised.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 */
final class RightsRules {

    private static final String WHERE = "security.capabilities";

    private final UserIdentity user;
    private final CapabilitySets sets;
    private final boolean noNewPrivileges;
    private final List<Problem> problems = new ArrayList<>();

    RightsRules(SecurityDescription description) {
        this.user = description.user();
        this.sets = description.capabilities();
        this.noNewPrivileges = description.noNewPrivileges();
    }

    List<Problem> problems() {
        requireBounded("permitted", sets.permitted());
        requireBounded("inheritable", sets.inheritable());
        if (user.uid() == 0) {
            checkRoot();
        } else {
            checkOtherUser();
        }
        return problems;
    }

    private void requireBounded(String name, Set<Capability> set) {
        if (!sets.bounding().containsAll(set)) {
            add(name + " capabilities lie outside the bounding set: " + sets, "add them to the bounding set");
        }
    }

    private void checkRoot() {
        if (!sets.effective().equals(sets.permitted())) {
            add("at execve root's permitted capabilities all become effective: " + sets, "give both sets alike");
        }
        Set<Capability> gained = new HashSet<>(sets.bounding());
        gained.addAll(sets.inheritable());
        if (!noNewPrivileges && !gained.equals(sets.permitted())) {
            add("without no_new_privs root gains the whole bounding set at execve: " + sets,
                    "permit no less than the bounding set, or leave allowNewPrivileges() out");
        }
    }

    /** The default set is for root; for another user, who asked for nothing, it stands for none. */
    private void checkOtherUser() {
        boolean lost = !sets.ambient().containsAll(sets.permitted());
        if (lost && !sets.equals(CapabilitySets.DPDK_DEFAULT)) {
            add("user " + user.uid() + " would lose capabilities at execve that are not ambient: " + sets,
                    "use capabilities.keptForOtherUsers(), or none");
        } else if (!lost && !sets.effective().equals(sets.permitted())) {
            add("at execve ambient capabilities all become effective: " + sets, "give both sets alike");
        }
    }

    private void add(String what, String cure) {
        problems.add(new Problem(WHERE, what, cure));
    }
}
