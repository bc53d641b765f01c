package io.vnfkit.launch.step;

import io.vnfkit.namespace.NamespaceKind;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Control groups and namespaces, from inside the process that becomes the VNF. */
public sealed interface IsolationStep extends VnfStep {

    /** Dies when the supervisor dies: PR_SET_PDEATHSIG. Right here, since the supervisor has one thread. */
    record DieWithSupervisor() implements IsolationStep {
        @Override
        public String describe() {
            return "die with the supervisor";
        }
    }

    /** Cannot be traced or read through /proc while it holds descriptors of the host (CVE-2016-9962). */
    record HideFromTracers() implements IsolationStep {
        @Override
        public String describe() {
            return "hide from tracers";
        }
    }

    /**
     * Leaves the supervisor's session and process group: a VNF that signals its own group, as {@code kill 0} in a shell does, would
     * stop or kill its supervisor too. Pid namespaces do not hold that back.
     */
    record NewSession() implements IsolationStep {
        @Override
        public String describe() {
            return "start a new session";
        }
    }

    /** Joins a session keyring of its own, so that the caller's keys stay out of reach. */
    record NewSessionKeyring() implements IsolationStep {
        @Override
        public String describe() {
            return "join a new session keyring";
        }
    }

    /**
     * Joins a version 1 control group by its {@code tasks} file. A thread that moves itself alone needs no lock over
     * all threads, which {@code cgroup.procs} waits for.
     *
     * @param directory the group
     */
    record JoinCgroup(Path directory) implements IsolationStep {
        @Override
        public String describe() {
            return "join control group " + directory;
        }
    }

    /** Lets go of the affinity that the JVM's thread passed on: the cpuset alone shall decide. */
    record ResetAffinity() implements IsolationStep {
        @Override
        public String describe() {
            return "reset the CPU affinity";
        }
    }

    /**
     * Waits until the supervisor has taken its steps.
     *
     * @param what what the supervisor does meanwhile
     */
    record AwaitSupervisor(String what) implements IsolationStep {
        @Override
        public String describe() {
            return "wait until the supervisor has " + what;
        }
    }

    /** Becomes root of the new user namespace. */
    record BecomeNamespaceRoot() implements IsolationStep {
        @Override
        public String describe() {
            return "become root of the user namespace";
        }
    }

    /**
     * Joins a namespace that the supervisor has opened.
     *
     * @param kind its kind
     * @param path file that stands for it
     */
    record JoinNamespace(NamespaceKind kind, Path path) implements IsolationStep {
        @Override
        public String describe() {
            return "join " + kind.procName() + " namespace " + path;
        }
    }

    /**
     * Makes namespaces new.
     *
     * @param kinds their kinds
     */
    record NewNamespaces(Set<NamespaceKind> kinds) implements IsolationStep {

        /** Copies the set in a fixed order. */
        public NewNamespaces {
            SortedSet<NamespaceKind> sorted = new TreeSet<>(kinds);
            kinds = Collections.unmodifiableSortedSet(sorted);
        }

        @Override
        public String describe() {
            return kinds.stream().map(NamespaceKind::procName).collect(Collectors.joining(", ", "new ", " namespaces"));
        }
    }

    /**
     * Sets the host name.
     *
     * @param name the name
     */
    record SetHostname(String name) implements IsolationStep {
        @Override
        public String describe() {
            return "set host name " + name;
        }
    }

    /**
     * Sets the NIS domain name.
     *
     * @param name the name
     */
    record SetDomainname(String name) implements IsolationStep {
        @Override
        public String describe() {
            return "set domain name " + name;
        }
    }
}
