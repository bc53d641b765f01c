package io.vnfkit.launch;

/**
 * What keeps a VNF's name, and with it its control groups, from being used for another VNF. Thread-safe.
 */
interface Holding {

    /** Tells whether the name still stands for this VNF. */
    boolean isHeld();

    /** Takes away what the launch made, unless somebody else does or did, and gives the name up. Called when the VNF has ended. */
    void takeDown();

    /** The JVM holds the name until it takes the VNF down. */
    static Holding byThisJvm(LaunchSite site, VnfRecord record, NameClaim claim) {
        return new Holding() {
            @Override
            public boolean isHeld() {
                return claim.isOpen();
            }

            @Override
            public void takeDown() {
                // Interfaces may have been attached since the launch.
                new Leftovers(site).remove(claim.name(), site.state().record(claim.name()).orElse(record));
                claim.release();
            }
        };
    }

    /** The supervisor holds the name as long as it lives; whoever comes first afterwards takes the VNF down. */
    static Holding bySupervisor(LaunchSite site, VnfRecord record, String name) {
        return new Holding() {
            @Override
            public boolean isHeld() {
                return site.processes().isAlive(record.supervisor());
            }

            @Override
            public void takeDown() {
                site.names().tryClaim(name).ifPresent(new Leftovers(site)::takeAwayAndRelease);
            }
        };
    }
}
