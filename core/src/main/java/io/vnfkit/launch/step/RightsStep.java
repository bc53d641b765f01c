package io.vnfkit.launch.step;

import io.vnfkit.security.CapabilitySets;
import io.vnfkit.security.MemoryPolicy;
import io.vnfkit.security.UserIdentity;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Rights, and the program itself: the last steps of the process that becomes the VNF. */
public sealed interface RightsStep extends VnfStep {

    /**
     * Sets the NUMA memory policy.
     *
     * @param policy the policy
     */
    record SetMemoryPolicy(MemoryPolicy policy) implements RightsStep {
        @Override
        public String describe() {
            return "memory policy " + policy.mode() + " " + policy.nodes();
        }
    }

    /**
     * Sets umask 022 and the working directory, and checks that it lies within the root (CVE-2024-21626).
     *
     * @param path absolute path in the VNF
     */
    record EnterWorkingDirectory(Path path) implements RightsStep {
        @Override
        public String describe() {
            return "working directory " + path;
        }
    }

    /** No program can gain rights any more: PR_SET_NO_NEW_PRIVS. */
    record NoNewPrivileges() implements RightsStep {
        @Override
        public String describe() {
            return "no new privileges";
        }
    }

    /**
     * Becomes the VNF's user with its capabilities: bounding set first (it takes CAP_SETPCAP to drop from it), then
     * groups and ids, then the other sets.
     *
     * @param user ids inside the user namespace
     * @param capabilities the five sets
     */
    record BecomeUser(UserIdentity user, CapabilitySets capabilities) implements RightsStep {
        @Override
        public String describe() {
            return "become user " + user + ", capabilities " + capabilities;
        }
    }

    /** Leaves the command to a child and becomes pid 1, which reaps and forwards signals. */
    record BecomeInit() implements RightsStep {
        @Override
        public String describe() {
            return "stay as pid 1 and start the command as a child";
        }
    }

    /** Ends with success, for a process that only had to set something up. */
    record Finish() implements RightsStep {
        @Override
        public String describe() {
            return "finish";
        }
    }

    /**
     * Becomes the program: default signals, no descriptor but the three standard streams, then execve(2).
     *
     * @param program absolute path in the VNF
     * @param arguments its argv, the program's name first
     * @param environment its variables
     */
    record Execute(Path program, List<String> arguments, SortedMap<String, String> environment) implements RightsStep {

        /** Copies the collections. */
        public Execute {
            arguments = List.copyOf(arguments);
            environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        }

        @Override
        public String describe() {
            return "execute " + program + " " + arguments + " with " + environment;
        }
    }
}
