package io.vnfkit.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vnfkit.Grant;
import io.vnfkit.Problem;
import io.vnfkit.unit.CpuSet;
import io.vnfkit.unit.PciAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EalArgumentsTest {

    private static final PciAddress NIC = PciAddress.parse("0000:05:00.0");
    private static final PciAddress OTHER_NIC = PciAddress.parse("0000:05:00.1");

    private static Grant cpus(String list) {
        return Grant.NONE.withCpus(CpuSet.parse(list));
    }

    private static List<String> resolve(EalArguments arguments, Grant grant, EalOption... contributed) {
        return arguments.resolve(grant, List.of(contributed));
    }

    @Test
    void lcoresAreNumberedFromZeroOnTheCpusGranted() {
        assertThat(resolve(EalArguments.fromGrant(), cpus("2-4"))).containsExactly("--lcores=0@2,1@3,2@4", "--no-pci");
    }

    @Test
    void cpusBeyondTheNumbersOfLcoresAreMapped() {
        assertThat(resolve(EalArguments.fromGrant(), cpus("130-131"))).contains("--lcores=0@130,1@131");
    }

    @Test
    void withoutCpusTheEalDetectsItsLcores() {
        assertThat(resolve(EalArguments.fromGrant(), Grant.NONE)).containsExactly("--no-pci");
        assertThat(resolve(EalArguments.fromGrant().mainLcore(3), Grant.NONE)).contains("--main-lcore=3");
    }

    @Test
    void theMainLcoreIsLcoreZero() {
        assertThat(resolve(EalArguments.fromGrant().mainLcore(4), cpus("2-5"))).contains("--lcores=0@4,1@2,2@3,3@5");
    }

    @Test
    void someCpusOnlyBecomeLcores() {
        EalArguments arguments = EalArguments.fromGrant().lcores(CpuSet.of(3, 5));
        assertThat(resolve(arguments, cpus("2-5"))).contains("--lcores=0@3,1@5");
    }

    @Test
    void theLowestCpuIsLeftToControlThreads() {
        EalArguments arguments = EalArguments.fromGrant().controlCpu(true);
        assertThat(resolve(arguments, cpus("2-5"))).contains("--lcores=0@3,1@4,2@5");
        assertThat(resolve(arguments.mainLcore(2), cpus("2-5"))).contains("--lcores=0@2,1@4,2@5");
    }

    @Test
    void noFurtherCpuIsLeftToControlThreadsWhereOneIsLeftAnyway() {
        EalArguments arguments = EalArguments.fromGrant().controlCpu(true).lcores(CpuSet.of(3, 4));
        assertThat(resolve(arguments, cpus("2-4"))).contains("--lcores=0@3,1@4");
    }

    @Test
    void pciDevicesGrantedAreAllowed() {
        assertThat(resolve(EalArguments.fromGrant(), Grant.NONE.withPciDevice(OTHER_NIC).withPciDevice(NIC)))
                .containsExactly("-a", "0000:05:00.0", "-a", "0000:05:00.1");
    }

    @Test
    void devicesNamedHereStandForThoseGranted() {
        Grant grant = Grant.NONE.withPciDevice(NIC).withPciDevice(OTHER_NIC);
        assertThat(resolve(EalArguments.fromGrant().allow(OTHER_NIC), grant)).containsExactly("-a", "0000:05:00.1");
        assertThat(resolve(EalArguments.fromGrant().with("--block", NIC.toString()), grant))
                .containsExactly("--block=0000:05:00.0");
    }

    @Test
    void contributedOptionsAreThereOnce() {
        EalOption prefix = new EalOption("--file-prefix", "bng-1");
        assertThat(resolve(EalArguments.fromGrant(), Grant.NONE, prefix, prefix))
                .containsExactly("--no-pci", "--file-prefix=bng-1");
    }

    @Test
    void optionsGivenHereWinOverContributedOnes() {
        EalArguments arguments = EalArguments.fromGrant().filePrefix("mine");
        assertThat(resolve(arguments, Grant.NONE, new EalOption("--file-prefix", "bng-1")))
                .containsExactly("--no-pci", "--file-prefix=mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-m", "--memory-size", "--socket-mem", "--numa-mem"})
    void optionsOfOnePurposeRuleEachOtherOut(String option) {
        List<String> words = resolve(EalArguments.fromGrant().with(option, "64"), Grant.NONE,
                new EalOption("--socket-mem", "128"));
        assertThat(words).noneMatch(word -> word.contains("128"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-l", "-c", "--lcores", "-R"})
    void lcoresGivenHereWinOverThoseOfTheGrant(String option) {
        assertThat(resolve(EalArguments.fromGrant().with(option, "1"), cpus("2-5")))
                .noneMatch(word -> word.contains("@"));
    }

    @Test
    void virtualDevicesAddUp() {
        EalArguments arguments = EalArguments.fromGrant().vdev("net_null0").vdev("net_null1");
        assertThat(resolve(arguments, Grant.NONE, new EalOption("--vdev", "net_memif0"),
                new EalOption("--vdev", "net_null1")))
                .containsExactly("--no-pci", "--vdev=net_memif0", "--vdev=net_null0", "--vdev=net_null1");
    }

    @Test
    void anOptionTakenAwayIsGoneWhereverItComesFrom() {
        EalArguments arguments = EalArguments.fromGrant().noTelemetry().inMemory().without("--no-pci")
                .without("--numa-limit").without("--in-memory");
        assertThat(resolve(arguments, Grant.NONE, new EalOption("--socket-limit", "64")))
                .containsExactly("--no-telemetry");
    }

    @Test
    void anOptionAddedAfterItWasTakenAwayIsThereAgain() {
        assertThat(resolve(EalArguments.fromGrant().without("--no-pci").with("--no-pci"), Grant.NONE))
                .containsExactly("--no-pci");
    }

    @Test
    void theLastValueOfAnOptionReplacesTheOthers() {
        EalArguments arguments = EalArguments.fromGrant().with("--socket-mem", "64").with("--numa-mem", "32");
        assertThat(arguments.words()).containsExactly("--numa-mem=32");
    }

    @Test
    void optionsOfNewerVersionsArePassedOn() {
        assertThat(EalArguments.fromGrant().with("--pagesz-mem", "2M:64M").words())
                .containsExactly("--pagesz-mem=2M:64M");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a%b"})
    void filePrefixesThatTheEalRefusesAreRefused(String prefix) {
        assertThatIllegalArgumentException().isThrownBy(() -> EalArguments.fromGrant().filePrefix(prefix));
    }

    @Test
    void anEmptySetOfLcoresIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> EalArguments.fromGrant().lcores(CpuSet.empty()));
    }

    @Test
    void everyContradictionToTheGrantIsAProblem() {
        EalArguments arguments = EalArguments.fromGrant().lcores(CpuSet.of(2, 9)).mainLcore(3)
                .with("-a", "0000:05:00.1,mac=02:00:00:00:00:01");
        assertThat(arguments.problems(cpus("2-5").withPciDevice(NIC), List.of())).extracting(Problem::where)
                .containsExactly("EalArguments.lcores", "EalArguments.mainLcore", "EalArguments.allow");
    }

    @Test
    void theOnlyCpuCannotBeLeftToControlThreads() {
        EalArguments arguments = EalArguments.fromGrant().controlCpu(true);
        assertThat(arguments.problems(cpus("3"), List.of())).singleElement().hasToString(
                "EalArguments.controlCpu: CPU 3 is the only one and the main lcore needs it"
                        + " (grant a second CPU with cgroup.cpus)");
        assertThat(resolve(arguments, cpus("3"))).contains("--lcores=0@3");
    }

    @Test
    void featuresThatContradictEachOtherAreAProblemUnlessDecidedHere() {
        List<EalOption> contributed = List.of(new EalOption("--file-prefix", "a"), new EalOption("--file-prefix", "b"));
        assertThat(EalArguments.fromGrant().problems(Grant.NONE, contributed)).hasSize(1);
        assertThat(EalArguments.fromGrant().filePrefix("c").problems(Grant.NONE, contributed)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%b", "a/b",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"})
    void contributedFilePrefixesThatTheEalRefusesAreAProblem(String prefix) {
        assertThat(EalArguments.fromGrant().problems(Grant.NONE, List.of(new EalOption("--file-prefix", prefix))))
                .singleElement().extracting(Problem::what).asString().contains(prefix);
    }

    @Test
    void soundArgumentsHaveNoProblems() {
        EalArguments arguments = EalArguments.fromGrant().mainLcore(3).controlCpu(true).allow(NIC).vdev("net_null0");
        assertThat(arguments.problems(cpus("2-5").withPciDevice(NIC), List.of(new EalOption("--huge-dir", "/mnt"))))
                .isEmpty();
    }

    @Test
    void equalChoicesAreEqual() {
        assertThat(EalArguments.fromGrant().vdev("net_null0").without("--no-pci"))
                .isEqualTo(EalArguments.fromGrant().vdev("net_null0").without("--no-pci"))
                .hasSameHashCodeAs(EalArguments.fromGrant().vdev("net_null0").without("--no-pci"))
                .isNotEqualTo(EalArguments.fromGrant().vdev("net_null0"));
    }
}
