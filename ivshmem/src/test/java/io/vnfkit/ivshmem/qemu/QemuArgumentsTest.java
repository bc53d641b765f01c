package io.vnfkit.ivshmem.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.NodeSet;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QemuArgumentsTest {

    private static final Path FILE = Path.of("/dev/hugepages/packets");
    private static final Bytes SIZE = Bytes.mebibytes(4);

    @Test
    void plainMemoryIsSharedAndOutlivesQemu() {
        assertThat(new IvshmemPlain("packets", FILE, SIZE).words()).containsExactly(
                "-object", "memory-backend-file,id=packets-memory,mem-path=/dev/hugepages/packets,size=4194304,"
                        + "share=on,discard-data=off",
                "-device", "ivshmem-plain,id=packets,memdev=packets-memory");
    }

    @Test
    void aWindowForReadingOnNodesOfTheHost() {
        IvshmemPlain plain = new IvshmemPlain("packets", FILE, SIZE).asReadOnly()
                .on(new NodePolicy(NodePolicy.Kind.INTERLEAVE, NodeSet.parse("0-1,4"))).with("bus", "pcie.0")
                .with("addr", "0x10");

        assertThat(plain.words()).containsExactly(
                "-object", "memory-backend-file,id=packets-memory,mem-path=/dev/hugepages/packets,size=4194304,"
                        + "share=on,discard-data=off,readonly=on,host-nodes=0,host-nodes=1,host-nodes=4,"
                        + "policy=interleave",
                "-device", "ivshmem-plain,id=packets,memdev=packets-memory,addr=0x10,bus=pcie.0");
    }

    @Test
    void aDoorbellNamesItsServerAndItsVectors() {
        assertThat(new IvshmemDoorbell("bell", Path.of("/run/vnf/bell"), 4).with("master", "on").words())
                .containsExactly("-chardev", "socket,id=bell-server,path=/run/vnf/bell",
                        "-device", "ivshmem-doorbell,id=bell,chardev=bell-server,vectors=4,master=on");
    }

    @Test
    void aCommaInAPathDoesNotBeginAProperty() {
        assertThat(new IvshmemDoorbell("bell", Path.of("/run/a,b"), 1).words().get(1))
                .isEqualTo("socket,id=bell-server,path=/run/a,,b");
        assertThat(new IvshmemPlain("packets", Path.of("/x,share=off"), SIZE).words().get(1))
                .contains("mem-path=/x,,share=off,");
    }

    @Test
    void theCommandLineIsQuotedForAShell() {
        assertThat(new IvshmemDoorbell("bell", Path.of("/run/it's here"), 1).cmdline()).isEqualTo(
                "-chardev 'socket,id=bell-server,path=/run/it'\\''s here'"
                        + " -device ivshmem-doorbell,id=bell,chardev=bell-server,vectors=1");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2048, 6 << 20, 4097})
    void sizesThatNoBarCanHaveAreRefused(long size) {
        assertThatThrownBy(() -> new IvshmemPlain("packets", FILE, Bytes.of(size)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("power of two").hasMessageContaining("not " + size);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7up", "a,b", "a b", "-a", "ä"})
    void idsThatQemuRefusesAreRefused(String id) {
        assertThatThrownBy(() -> new IvshmemDoorbell(id, Path.of("/s"), 1)).hasMessageContaining("\"" + id + "\"");
        assertThatThrownBy(() -> new IvshmemPlain(id, FILE, SIZE)).hasMessageContaining("\"" + id + "\"");
    }

    @Test
    void whatElseQemuRefusesIsRefused() {
        assertThatThrownBy(() -> new IvshmemDoorbell("bell", Path.of("/s"), 0)).hasMessageContaining("1 to 256");
        assertThatThrownBy(() -> new IvshmemDoorbell("bell", Path.of("/s"), 257)).hasMessageContaining("1 to 256");
        assertThatThrownBy(() -> new IvshmemDoorbell("bell", Path.of("/" + "x".repeat(107)), 1))
                .hasMessageContaining("107");
        assertThatThrownBy(() -> new IvshmemPlain("packets", FILE, SIZE).with("a,b", "1"))
                .hasMessageContaining("\"a,b\"");
        assertThatThrownBy(() -> NodePolicy.bind(NodeSet.empty())).hasMessageContaining("at least one node");
    }
}
