package io.vnfkit.launch;

import io.vnfkit.cgroup.CgroupDescription;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What has to be known of a VNF to take it down, or to control it from another JVM. Written before the first step, and again when
 * it runs; {@link RecordFile} keeps it.
 *
 * @param launcher the JVM that launches it
 * @param diesWithLauncher whether the supervisor kills it when that JVM has ended
 * @param process its process; none before it runs
 * @param supervisor the supervisor; none before it runs
 * @param cgroups its control groups, in the order in which they are made
 * @param unified its version 2 control group
 * @param volumes mount points of shared volumes that it uses
 * @param peers ends of veth pairs that it has, outside of it
 * @param rights its user and capabilities
 * @param limits the limits in force
 * @param environment its environment
 */
record VnfRecord(
        ProcessIdentity launcher,
        boolean diesWithLauncher,
        ProcessIdentity process,
        ProcessIdentity supervisor,
        List<Path> cgroups,
        Optional<Path> unified,
        List<Path> volumes,
        List<VethPeer> peers,
        RightsText rights,
        CgroupDescription limits,
        SortedMap<String, String> environment) {

    /** Copies the collections. */
    VnfRecord {
        cgroups = List.copyOf(cgroups);
        volumes = List.copyOf(volumes);
        peers = List.copyOf(peers);
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    }

    /** Tells whether its launch was completed. */
    boolean isRunning() {
        return process.pid() > 0;
    }

    VnfRecord running(ProcessIdentity newProcess, ProcessIdentity newSupervisor) {
        return new VnfRecord(launcher, diesWithLauncher, newProcess, newSupervisor, cgroups, unified, volumes, peers, rights,
                limits, environment);
    }

    VnfRecord withLimits(CgroupDescription newLimits) {
        return new VnfRecord(launcher, diesWithLauncher, process, supervisor, cgroups, unified, volumes, peers, rights,
                newLimits, environment);
    }

    VnfRecord withPeers(List<VethPeer> newPeers) {
        return new VnfRecord(launcher, diesWithLauncher, process, supervisor, cgroups, unified, volumes, newPeers, rights,
                limits, environment);
    }
}
