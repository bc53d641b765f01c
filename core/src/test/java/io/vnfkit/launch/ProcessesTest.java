package io.vnfkit.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.security.ResourceLimit;
import io.vnfkit.security.ResourceLimit.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What /proc says of processes. */
class ProcessesTest {

    @TempDir
    private Path host;

    @Test
    void aProcessIsNamedByItsIdAndItsStart() throws IOException {
        ProcessTable processes = processWithStat("7 (a) b (c) S 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4711 9 9");
        assertThat(processes.identify(7)).isEqualTo(new ProcessIdentity(7, 4711));
        assertThat(processes.isAlive(new ProcessIdentity(7, 4711))).isTrue();
        assertThat(processes.isAlive(new ProcessIdentity(7, 4712))).as("another process with its id").isFalse();
        assertThat(processes.isAlive(new ProcessIdentity(8, 4711))).isFalse();
        assertThat(processes.isAlive(ProcessIdentity.NONE)).isFalse();
        assertThat(processes.isAlive(processes.identify(8))).isFalse();
    }

    @Test
    void aZombieIsNotAlive() throws IOException {
        ProcessTable processes = processWithStat("7 (a) Z 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4711 9 9");
        assertThat(processes.isAlive(new ProcessIdentity(7, 4711))).isFalse();
    }

    private ProcessTable processWithStat(String stat) throws IOException {
        Files.createDirectories(host.resolve("proc/7"));
        Files.writeString(host.resolve("proc/7/stat"), stat);
        return new ProcessTable(KernelFiles.below(host));
    }

    @Test
    void thisJvmIsAlive() {
        LaunchSite site = new LaunchSite(Host.thisHost());
        assertThat(site.processes().isAlive(site.self())).isTrue();
        OptionalInt descriptor = site.openProcess(site.self());
        assertThat(descriptor).isPresent();
        site.syscalls().close(descriptor.getAsInt());
        assertThat(site.openProcess(new ProcessIdentity(site.self().pid(), 1))).isEmpty();
    }

    @Test
    void limitsAreReadInTheOrderOfTheirNumbers() {
        List<ResourceLimit> limits = ProcessLimits.parse(List.of(
                "Limit                     Soft Limit           Hard Limit           Units     ",
                "Max cpu time              unlimited            unlimited            seconds   ",
                "Max file size             4096                 unlimited            bytes     "));
        assertThat(limits).containsExactly(new ResourceLimit(Kind.CPU, ResourceLimit.UNLIMITED, ResourceLimit.UNLIMITED),
                new ResourceLimit(Kind.FSIZE, 4096, ResourceLimit.UNLIMITED));
    }

    @Test
    void theKernelListsEveryLimitAndThisJvmHasItsOwn() {
        KernelFiles files = KernelFiles.host();
        assertThat(ProcessLimits.parse(files.readLines("/proc/self/limits"))).extracting(ResourceLimit::kind)
                .containsExactly(Kind.values());
        assertThat(new ProcessLimits(files).ownOf(ProcessHandle.current().pid())).isEmpty();
    }
}
