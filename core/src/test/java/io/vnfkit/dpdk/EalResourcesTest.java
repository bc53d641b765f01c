package io.vnfkit.dpdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.dpdk.binding.Forwarder.Heap;
import io.vnfkit.dpdk.binding.RecordingForwarder;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.NodeSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EalResourcesTest {

    private static final String NODE = "/sys/devices/system/node/node";
    private static final String GLOBAL = "/sys/kernel/mm/hugepages/";

    @TempDir
    private Path root;

    private void free(String pool, long pages) throws IOException {
        Path directory = Files.createDirectories(root.resolve(pool.substring(1)));
        Files.writeString(directory.resolve("free_hugepages"), pages + "\n");
    }

    private EalResources resources(RecordingForwarder record) {
        return EalResources.of(record.forwarder(), KernelFiles.below(root));
    }

    @Test
    void memoryIsWhatTheHeapHasAndWhatPagesOfAllSizesAreFreeOnTheNode() throws IOException {
        free(NODE + "0/hugepages/hugepages-2048kB", 3);
        free(NODE + "0/hugepages/hugepages-1048576kB", 1);
        free(NODE + "1/hugepages/hugepages-2048kB", 0);
        free(GLOBAL + "hugepages-2048kB", 1000);
        RecordingForwarder record = new RecordingForwarder();
        record.answer("heap", arguments -> new Heap((int) arguments[0] == 0 ? 4096 : 8192, 1 << 20));
        EalResources resources = resources(record);

        assertThat(resources.nodeByLcore()).isEqualTo(Map.of(0, 0, 1, 0, 2, 1));
        assertThat(resources.memoryByNode()).isEqualTo(Map.of(
                0, Bytes.of(4096 + 3 * (2L << 20) + (1L << 30)), 1, Bytes.of(8192)));
    }

    private void allow(String list) throws IOException {
        Path directory = Files.createDirectories(root.resolve("proc/thread-self"));
        Files.writeString(directory.resolve("status"), "Name:\tjava\nMems_allowed:\t00000000,00000001\n"
                + "Mems_allowed_list:\t" + list + "\nvoluntary_ctxt_switches:\t1\n");
    }

    @Test
    void pagesOfANodeThatTheCpusetForbidsCannotBeHad() throws IOException {
        free(NODE + "0/hugepages/hugepages-2048kB", 3);
        free(NODE + "1/hugepages/hugepages-2048kB", 5);
        RecordingForwarder record = new RecordingForwarder();
        record.answer("heap", arguments -> new Heap(4096, 1 << 20));

        allow("0,2-3");
        assertThat(resources(record).memoryNodes()).isEqualTo(NodeSet.parse("0,2-3"));
        assertThat(resources(record).memoryByNode())
                .isEqualTo(Map.of(0, Bytes.of(4096 + 3 * (2L << 20)), 1, Bytes.of(4096)));
        allow("0-1");
        assertThat(resources(record).memoryByNode()).containsEntry(1, Bytes.of(4096 + 5 * (2L << 20)));
    }

    @Test
    void aKernelWithoutNodesHasTheGlobalCounters() throws IOException {
        free(GLOBAL + "hugepages-2048kB", 5);
        assertThat(resources(new RecordingForwarder()).memoryByNode().get(0)).isEqualTo(Bytes.of(5 * (2L << 20)));
    }

    @Test
    void withoutAnyHugepagesThereIsTheHeap() {
        assertThat(resources(new RecordingForwarder()).memoryByNode()).isEqualTo(Map.of(0, Bytes.ZERO, 1, Bytes.ZERO));
    }
}
