package io.vnfkit.sysfs.fake;

import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.PageSize;
import java.nio.file.Path;

/** The machine of the goal for planning time. */
final class LargeServer {

    private static final int CARDS = 16;
    private static final int PORTS = 4;
    private static final int FIRST_BUS = 0x10;
    private static final int FIRST_GROUP = 20;

    private LargeServer() {}

    static FakeHostBuilder in(Path directory) {
        FakeHostBuilder host = FakeHost.in(directory)
                .sockets(2).coresPerSocket(36).threadsPerCore(2)
                .memoryPerNode(Bytes.gibibytes(64))
                .isolated("2-35,74-107");
        for (int node = 0; node < 2; node++) {
            host.hugepages(node, PageSize.MIB_2, 8192).hugepages(node, PageSize.GIB_1, 16);
        }
        for (int card = 0; card < CARDS; card++) {
            for (int port = 0; port < PORTS; port++) {
                int group = FIRST_GROUP + card * PORTS + port;
                int node = card * 2 / CARDS;
                String driver = port < PORTS / 2 ? "vfio-pci" : "i40e";
                host.nic(String.format("0000:%02x:00.%d", FIRST_BUS + card, port),
                        nic -> nic.intelX710().driver(driver).iommuGroup(group).node(node));
            }
        }
        return host;
    }
}
