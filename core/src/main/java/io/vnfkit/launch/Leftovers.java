package io.vnfkit.launch;

import io.vnfkit.VnfkitException;
import io.vnfkit.cgroup.Cgroup;
import io.vnfkit.cgroup.CgroupLayout;
import io.vnfkit.cgroup.ParentGroups;
import io.vnfkit.cgroup.Polling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Takes away what launches left behind whose JVM and supervisor are both gone: processes, control groups, shared volumes, records.
 * Only what a record names is touched, and records name only what vnfkit made.
 */
final class Leftovers {

    /** Others look at locks as well, and hold them for an instant. */
    private static final Duration GLANCE = Duration.ofMillis(250);

    /** How long a supervisor whose JVM is gone may take to end. */
    private static final Duration LAST_BREATH = Duration.ofSeconds(2);

    private final LaunchSite site;

    Leftovers(LaunchSite site) {
        this.site = site;
    }

    /**
     * Takes away all that nobody holds. VNFs that run, here or under another JVM, are not touched. One name that cannot be taken
     * away does not keep the others.
     */
    void takeAwayAll() {
        List<RuntimeException> failures = new ArrayList<>();
        for (String name : site.state().names()) {
            try {
                claimLeftOver(name).ifPresent(this::takeAwayAndRelease);
            } catch (RuntimeException failure) {
                failures.add(new VnfkitException("cannot take away what VNF \"" + name + "\" left behind: "
                        + failure.getMessage(), failure));
            }
        }
        if (!failures.isEmpty()) {
            RuntimeException first = failures.get(0);
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }

    /** Takes a name for a launch; empty if it is in use. */
    Optional<NameClaim> claim(String name) {
        return claimWithin(GLANCE, name).or(() -> claimAbandoned(name));
    }

    private Optional<NameClaim> claimLeftOver(String name) {
        return site.names().isHeld(name) ? claimAbandoned(name) : site.names().tryClaim(name);
    }

    /**
     * Takes a name from a supervisor that is to end since its JVM has: the VNF shall not outlive the JVM, or the launch was not
     * completed, so that nobody could control it.
     */
    private Optional<NameClaim> claimAbandoned(String name) {
        Optional<VnfRecord> record = site.state().record(name).filter(this::isAbandoned);
        if (record.isEmpty()) {
            return Optional.empty();
        }
        // It ends by itself as a rule; killed too late, its groups could be those of a new VNF of that name.
        Optional<NameClaim> claim = record.get().diesWithLauncher() ? claimWithin(LAST_BREATH, name) : Optional.empty();
        return claim.or(() -> claimKilling(name));
    }

    private Optional<NameClaim> claimWithin(Duration limit, String name) {
        NameClaim[] claim = new NameClaim[1];
        Polling.until(() -> {
            claim[0] = site.names().tryClaim(name).orElse(null);
            return claim[0] != null;
        }, limit);
        return Optional.ofNullable(claim[0]);
    }

    private Optional<NameClaim> claimKilling(String name) {
        NameClaim[] claim = new NameClaim[1];
        Polling.until(() -> {
            Optional<VnfRecord> abandoned = site.state().record(name).filter(this::isAbandoned);
            abandoned.ifPresent(record -> killGroups(record.cgroups()));
            claim[0] = abandoned.isEmpty() ? null : site.names().tryClaim(name).orElse(null);
            return abandoned.isEmpty() || claim[0] != null;
        }, LAST_BREATH);
        return Optional.ofNullable(claim[0]);
    }

    private boolean isAbandoned(VnfRecord record) {
        return (record.diesWithLauncher() || !record.isRunning()) && !site.processes().isAlive(record.launcher());
    }

    /** Takes away what the last owner of a name left, and gives the name up. */
    void takeAwayAndRelease(NameClaim claim) {
        try {
            takeAway(claim);
            claim.release();
        } finally {
            claim.close();
        }
    }

    /** Takes away what the last owner of a name left. The caller holds the name. */
    void takeAway(NameClaim claim) {
        site.state().record(claim.name()).ifPresent(record -> takeAway(claim.name(), record));
    }

    /** Kills what a VNF has left running, and takes away what it occupies. The caller holds the name. */
    private void takeAway(String name, VnfRecord record) {
        Optional<Cgroup> groups = killGroups(record.cgroups());
        new VethPeers(site).remove(name, record.peers());
        groups.ifPresent(Cgroup::remove);
        removeParents(record);
        releaseVolumes(name, record);
    }

    /** Takes away what a VNF occupies whose processes have been killed. The caller holds the name. */
    void remove(String name, VnfRecord record) {
        new VethPeers(site).remove(name, record.peers());
        open(record.cgroups()).ifPresent(Cgroup::remove);
        removeParents(record);
        releaseVolumes(name, record);
    }

    /** Also above groups that are gone or never came: the launch can have ended in between. */
    private void removeParents(VnfRecord record) {
        ParentGroups parents = ParentGroups.on(site.host());
        record.cgroups().forEach(parents::removeAbove);
    }

    private void releaseVolumes(String name, VnfRecord record) {
        record.volumes().forEach(volume -> site.volumes().release(volume, name));
    }

    /** Kills what runs in the groups that exist, and returns a handle of those; empty if none is left. */
    Optional<Cgroup> killGroups(List<Path> recorded) {
        Optional<Cgroup> groups = open(recorded);
        groups.ifPresent(Cgroup::kill);
        return groups;
    }

    private Optional<Cgroup> open(List<Path> recorded) {
        List<Path> groups = existing(recorded);
        return groups.isEmpty() ? Optional.empty()
                : Optional.of(Cgroup.open(site.host(), CgroupLayout.read(site.host().files()), groups));
    }

    private List<Path> existing(List<Path> cgroups) {
        List<Path> existing = new ArrayList<>();
        for (Path cgroup : cgroups) {
            if (Files.isDirectory(site.host().files().resolve(cgroup))) {
                existing.add(cgroup);
            }
        }
        Collections.reverse(existing);
        return existing;
    }
}
