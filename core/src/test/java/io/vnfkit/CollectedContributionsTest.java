package io.vnfkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.dpdk.EalOption;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.KernelFiles;
import io.vnfkit.mount.VnfMount;
import io.vnfkit.testing.RecordingSyscalls;
import io.vnfkit.unit.Bytes;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.DeviceRule;
import io.vnfkit.unit.NodeSet;
import io.vnfkit.unit.PageSize;
import io.vnfkit.unit.PciAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectedContributionsTest {

    private static final PciAddress CARD = PciAddress.parse("0000:05:00.0");

    /** Contributes one of each, and tells the grant that it was shown. */
    private record Everything(String name) implements VnfFeature {
        @Override
        public Grant grant(Grant grant) {
            return grant.withPciDevice(CARD);
        }

        @Override
        public void contribute(PlanContext context, Contributions contributions) {
            contributions.mount(VnfMount.Bind.readOnly(Path.of("/srv"), Path.of("/" + name)));
            contributions.device(Path.of("/dev/vfio/" + name), DeviceRule.parse("c 242:2 rw"));
            contributions.environment("NAME", name);
            contributions.ealArgument("-a", context.grant().pciDevices().get(0).toString());
            contributions.ealArgument("--file-prefix", name);
            contributions.ealArgument("--no-telemetry", "");
            contributions.problem(new Problem(name, "sees " + context.grant().pciDevices().size(), "nothing to do"));
        }
    }

    /** Grants nothing and is asked before the one that does. */
    private record Watching() implements VnfFeature {
        @Override
        public void contribute(PlanContext context, Contributions contributions) {
            contributions.environment("SEEN", context.grant().pciDevices().toString());
        }
    }

    @TempDir
    private Path directory;

    private Host host() {
        return Host.of(KernelFiles.below(directory), new RecordingSyscalls());
    }

    @Test
    void theGrantIsThatOfTheControlGroupsAndOfAllFeatures() {
        Vnf vnf = Vnf.named("forwarder").cgroup(cg -> cg.cpus(CpuSet.parse("2-3")).memoryNodes(NodeSet.of(0))
                .hugetlb(PageSize.MIB_2, Bytes.mebibytes(64))).with(new Everything("a")).command("true").build();

        assertThat(CollectedContributions.of(vnf, host()).grant()).isEqualTo(Grant.NONE.withCpus(CpuSet.parse("2-3"))
                .withMemoryNodes(NodeSet.of(0)).withHugepages(PageSize.MIB_2, Bytes.mebibytes(64))
                .withPciDevice(CARD));
    }

    @Test
    void everyFeatureIsShownWhatAllOfThemGrant() {
        Vnf vnf = Vnf.named("forwarder").with(new Watching()).with(new Everything("a")).command("true").build();

        assertThat(CollectedContributions.of(vnf, host()).environment())
                .isEqualTo(Map.of("SEEN", "[0000:05:00.0]", "NAME", "a"));
    }

    @Test
    void whatAFeatureContributesIsKeptInItsOrder() {
        CollectedContributions collected = CollectedContributions.of(new Everything("a"), host(), Grant.NONE);

        assertThat(collected.mounts()).extracting(VnfMount::target).containsExactly(Path.of("/a"));
        assertThat(collected.devices()).containsOnlyKeys(Path.of("/dev/vfio/a"));
        assertThat(collected.ealOptions()).containsExactly(new EalOption("-a", "0000:05:00.0"),
                new EalOption("--file-prefix", "a"), EalOption.flag("--no-telemetry"));
        assertThat(collected.ealWords())
                .containsExactly("-a", "0000:05:00.0", "--file-prefix=a", "--no-telemetry");
        assertThat(collected.problems()).extracting(Problem::toString).singleElement().asString().contains("sees 1");
        assertThat(collected.hostSteps()).isEmpty();
        assertThat(collected.masks()).isEmpty();
    }

    @Test
    void whatWasCollectedIsNotChangedThroughItsViews() {
        CollectedContributions collected = CollectedContributions.of(new Everything("a"), host(), Grant.NONE);

        for (List<?> list : List.of(collected.mounts(), collected.masks(), collected.hostSteps(),
                collected.ealOptions(), collected.problems())) {
            assertThatThrownBy(list::clear).isInstanceOf(UnsupportedOperationException.class);
        }
        assertThatThrownBy(collected.devices()::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(collected.environment()::clear).isInstanceOf(UnsupportedOperationException.class);
    }
}
