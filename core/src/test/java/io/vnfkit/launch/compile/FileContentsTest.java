package io.vnfkit.launch.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.mount.FileContent;
import io.vnfkit.testing.HostTree;
import io.vnfkit.unit.CpuSet;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileContentsTest {

    @TempDir
    private Path directory;

    private HostTree host;

    @BeforeEach
    void makeHost() {
        host = HostTree.in(directory)
                .file("/proc/cpuinfo", "processor\t: 0\nmodel name\t: A\n\nprocessor\t: 1\nmodel name\t: B\n\nprocessor\t: 10\n\nHardware\t: board\n")
                .file("/proc/meminfo", "MemTotal:       16384 kB\nHugePages_Total:      64\nHugepagesize:       2048 kB\nActive(anon):      7 kB\n")
                .file("/sys/devices/system/node/node1/meminfo", "Node 1 MemTotal:       8192 kB\nNode 1 HugePages_Total:    32\n");
    }

    private String render(FileContent content) {
        return new FileContents(host.files()).render(content);
    }

    @Test
    void aTextIsItself() {
        assertThat(render(new FileContent.Text("0-1\n"))).isEqualTo("0-1\n");
    }

    @Test
    void aCopyIsTheHostsFileToTheLastOctet() {
        assertThat(render(new FileContent.CopyOf("/proc/meminfo"))).endsWith("Active(anon):      7 kB\n");
    }

    @Test
    void cpuinfoKeepsTheBlocksOfTheGrantedProcessorsAndThoseAboutNone() {
        assertThat(render(new FileContent.Cpuinfo(CpuSet.parse("1,10"))))
                .isEqualTo("processor\t: 1\nmodel name\t: B\n\nprocessor\t: 10\n\nHardware\t: board\n\n");
        assertThat(render(new FileContent.Cpuinfo(CpuSet.empty()))).isEqualTo("Hardware\t: board\n\n");
    }

    @Test
    void meminfoReplacesValuesAndKeepsTheirColumn() {
        assertThat(render(new FileContent.Meminfo("/proc/meminfo", Map.of("HugePages_Total", "5", "Active(anon)", "123 kB", "Absent", "1"))))
                .isEqualTo("MemTotal:       16384 kB\nHugePages_Total:       5\nHugepagesize:       2048 kB\nActive(anon):    123 kB\n");
    }

    @Test
    void meminfoOfANodeHasTheNodeInFront() {
        assertThat(render(new FileContent.Meminfo("/sys/devices/system/node/node1/meminfo", Map.of("HugePages_Total", "1000000000"))))
                .isEqualTo("Node 1 MemTotal:       8192 kB\nNode 1 HugePages_Total: 1000000000\n");
    }
}
