package io.vnfkit.examples.quickstart;

import io.vnfkit.VnfLauncher;
import io.vnfkit.examples.report.Report;
import io.vnfkit.ivshmem.Region;
import io.vnfkit.ivshmem.RegionDescription;
import io.vnfkit.ivshmem.RegionStore;
import io.vnfkit.ivshmem.packet.PacketChannel;
import io.vnfkit.unit.Bytes;

/**
 * Shows two VNFs in a row, one beside each neighbour, with nothing between them but a region of shared memory: section 5.4
 * of the white paper.
 */
final class Chain {

    private static final Bytes SIZE = Bytes.mebibytes(8);
    /** The driver for interfaces wants 2,016 bytes behind the headroom of 128. */
    private static final int BUFFER = 4096;
    private static final int BUFFERS = 511;

    private final VnfLauncher launcher;
    private final Machine machine;
    private final Neighbours neighbours;

    Chain(VnfLauncher launcher, Machine machine, Neighbours neighbours) {
        this.launcher = launcher;
        this.machine = machine;
        this.neighbours = neighbours;
    }

    void show(Report report) throws Exception {
        RegionStore store = RegionStore.onThisHost();
        try (Region region = store.create(RegionDescription.of(EndVnf.REGION, SIZE).nodes(machine.nodes()))) {
            PacketChannel.create(region, EndVnf.EASTWARD, BUFFER, BUFFERS, Quickstart.NAME);
            PacketChannel.create(region, EndVnf.WESTWARD, BUFFER, BUFFERS, Quickstart.NAME);
            report.quote(region.dump().toString());
            try (SharedDirectory left = SharedDirectory.make(); SharedDirectory right = SharedDirectory.make()) {
                run(report, EndVnf.left(left.path()), EndVnf.right(right.path()));
            }
        } finally {
            store.destroy(EndVnf.REGION);
        }
    }

    private void run(Report report, EndVnf leftEnd, EndVnf rightEnd) throws Exception {
        try (RunningEnd left = RunningEnd.launch(launcher, machine, leftEnd);
                RunningEnd right = RunningEnd.launch(launcher, machine, rightEnd)) {
            left.awaitForwarding(report);
            right.awaitForwarding(report);
            neighbours.connect();
            report.check(true, "both run and forward");
            new Traffic(Neighbours.RIGHT_ADDRESS).show(report);
            left.showCounters(report);
            right.showCounters(report);
            report.check(left.stop() && right.stop(), "they took SIGTERM and gave all packets back");
        }
    }
}
