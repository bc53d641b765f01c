package io.vnfkit.sysfs;

import io.vnfkit.Grant;
import io.vnfkit.Problem;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.NodeSet;
import java.util.ArrayList;
import java.util.List;

/** Compares granted CPUs and nodes with those of the host. */
final class GrantChecks {

    private GrantChecks() {}

    static List<Problem> of(Grant grant, HostTopology host) {
        List<Problem> problems = new ArrayList<>();
        addCpuProblems(grant.cpus(), host.cpus(), problems);
        addNodeProblems(grant.memoryNodes(), host.numa(), problems);
        return problems;
    }

    private static void addCpuProblems(CpuSet granted, CpuTopology host, List<Problem> problems) {
        CpuSet missing = granted.minus(host.present());
        if (!missing.isEmpty()) {
            problems.add(new Problem("cgroup.cpus",
                    "CPUs " + missing + " do not exist, the host has " + host.present(),
                    "grant CPUs out of " + host.online()));
        }
        CpuSet offline = granted.minus(missing).minus(host.online());
        if (!offline.isEmpty()) {
            problems.add(new Problem("cgroup.cpus",
                    "CPUs " + offline + " are offline, " + host.online() + " are online",
                    "write 1 to " + CpuTopology.directory(offline.first()) + "/online, or grant other CPUs"));
        }
    }

    private static void addNodeProblems(NodeSet granted, NumaTopology host, List<Problem> problems) {
        NodeSet missing = granted.minus(host.online());
        // Without NUMA support all memory is what others call node 0, and cpuset.mems takes it.
        if (host.online().isEmpty()) {
            missing = granted.minus(NodeSet.of(0));
        }
        if (!missing.isEmpty()) {
            problems.add(new Problem("cgroup.memoryNodes",
                    "NUMA nodes " + missing + " do not exist, the host has "
                            + (host.online().isEmpty() ? "no NUMA" : host.online()),
                    "grant nodes out of " + (host.withMemory().isEmpty() ? "0" : host.withMemory())));
        }
        NodeSet withoutMemory = granted.intersection(host.online()).minus(host.withMemory());
        if (!withoutMemory.isEmpty()) {
            problems.add(new Problem("cgroup.memoryNodes",
                    "NUMA nodes " + withoutMemory + " have no memory",
                    "grant nodes out of " + host.withMemory()));
        }
    }
}
