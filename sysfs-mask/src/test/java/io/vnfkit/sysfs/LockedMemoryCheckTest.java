package io.vnfkit.sysfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.Grant;
import io.vnfkit.PlanContext;
import io.vnfkit.Problem;
import io.vnfkit.Vnf;
import io.vnfkit.linux.Host;
import io.vnfkit.namespace.NamespaceKind;
import io.vnfkit.security.CapabilitySets;
import io.vnfkit.security.ResourceLimit;
import io.vnfkit.sysfs.fake.FakeHost;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.PageSize;
import io.vnfkit.unit.PciAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockedMemoryCheckTest {

    private static final PciAddress NIC = PciAddress.parse("0000:80:00.0");
    private static final Bytes PAGES = Bytes.mebibytes(64);

    @TempDir
    Path directory;

    private Host host;

    @BeforeEach
    void makeHost() {
        host = FakeHost.in(directory.resolve("host")).sockets(1)
                .nic(NIC.toString(), nic -> nic.driver("vfio-pci").iommuGroup(12)).build().host();
    }

    private Optional<Problem> problem(Vnf.Builder vnf, Grant grant) {
        List<PciDevice> devices = List.of(HostTopology.read(host).pci().device(NIC));
        return new LockedMemoryCheck(new PlanContext(vnf.command("true").build(), host, grant)).problem(devices);
    }

    private Optional<Problem> problem(Vnf.Builder vnf) {
        return problem(vnf, Grant.NONE.withHugepages(PageSize.MIB_2, PAGES));
    }

    private static Vnf.Builder limitedTo(long bytes) {
        return Vnf.named("bng").security(s -> s.resourceLimit(ResourceLimit.Kind.MEMLOCK, bytes));
    }

    private static Vnf.Builder withoutCapability(long bytes) {
        return limitedTo(bytes).security(s -> s.capabilities(CapabilitySets.NONE));
    }

    @Test
    void aLimitBelowTheHugepagesIsAProblem() {
        assertThat(problem(withoutCapability(PAGES.value() - 1))).hasValueSatisfying(problem -> {
            assertThat(problem.where()).isEqualTo("security.resourceLimits");
            assertThat(problem.what()).contains("67108863 bytes", "67108864 bytes");
            assertThat(problem.cure()).contains("IPC_LOCK");
        });
    }

    @Test
    void aLimitOfAllHugepagesOrNoneIsEnough() {
        assertThat(problem(withoutCapability(PAGES.value()))).isEmpty();
        assertThat(problem(withoutCapability(ResourceLimit.UNLIMITED))).isEmpty();
        assertThat(problem(withoutCapability(0), Grant.NONE)).isEmpty();
    }

    @Test
    void theCapabilityLocksAllExceptInAUserNamespace() {
        assertThat(problem(limitedTo(0))).isEmpty();
        assertThat(problem(limitedTo(0).namespaces(ns -> ns.fresh(NamespaceKind.USER).mapIds(0, 100_000, 65_536))))
                .isPresent();
    }
}
