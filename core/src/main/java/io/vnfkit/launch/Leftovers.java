package io.vnfkit.launch;

import io.vnfkit.cgroup.Cgroup;
import io.vnfkit.cgroup.CgroupLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Takes away what launches left behind whose JVM and supervisor are both gone: processes, control groups, shared volumes, records.
 * Only what a record names is touched, and records name only what vnfkit made.
 */
final class Leftovers {

    private final LaunchSite site;

    Leftovers(LaunchSite site) {
        this.site = site;
    }

    /** Takes away all that nobody holds. VNFs that run, here or under another JVM, are not touched. */
    void takeAwayAll() {
        StateDirectory state = site.state();
        for (String name : state.names()) {
            if (!state.isHeld(name)) {
                state.tryClaim(name).ifPresent(this::takeAwayAndRelease);
            }
        }
    }

    private void takeAwayAndRelease(NameClaim claim) {
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

    private void takeAway(String name, VnfRecord record) {
        List<Path> cgroups = existing(record.cgroups());
        if (!cgroups.isEmpty()) {
            Cgroup cgroup = Cgroup.open(site.host(), CgroupLayout.read(site.host().files()), cgroups);
            cgroup.kill();
            cgroup.remove();
        }
        record.volumes().forEach(volume -> site.volumes().release(volume, name));
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
