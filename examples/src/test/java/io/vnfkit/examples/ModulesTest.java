package io.vnfkit.examples;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.vnfkit.Vnf;
import io.vnfkit.examples.benchmark.ResultFile;
import io.vnfkit.hugetlb.HugetlbfsVolume;
import io.vnfkit.ivshmem.Region;
import io.vnfkit.sysfs.SysfsMask;
import io.vnfkit.testing.LibraryRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The edges between the modules: examples -> ivshmem -> hugetlb -> core <- sysfs-mask; and the rules of the library. */
class ModulesTest {

    private static final String EXAMPLES = "io.vnfkit.examples..";
    private static final String IVSHMEM = "io.vnfkit.ivshmem..";
    private static final String HUGETLB = "io.vnfkit.hugetlb..";
    private static final String SYSFS = "io.vnfkit.sysfs..";

    private static JavaClasses all;
    private static JavaClasses library;

    @BeforeAll
    static void importClasses() {
        ImportOption noTestJar = location -> !location.contains("-tests.jar");
        all = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(noTestJar)
                .importPackages("io.vnfkit");
        library = all.that(DescribedPredicate.not(resideInAPackage(EXAMPLES)));
    }

    @Test
    void theMainClassesOfEachModuleAreLookedAt() {
        assertThat(Stream.of(Vnf.class, SysfsMask.class, HugetlbfsVolume.class, Region.class, ResultFile.class))
                .allMatch(all::contain);
        assertThat(all.contain(ModulesTest.class)).isFalse();
        assertThat(all.contain(LibraryRules.class)).isFalse();
    }

    @Test
    void coreKnowsNoOtherModule() {
        noClasses().that(isOfCore())
                .should().dependOnClassesThat().resideInAnyPackage(EXAMPLES, IVSHMEM, HUGETLB, SYSFS)
                .check(all);
    }

    @Test
    void theMasksAndTheHugepagesKnowCoreAlone() {
        noClasses().that().resideInAPackage(SYSFS)
                .should().dependOnClassesThat().resideInAnyPackage(EXAMPLES, IVSHMEM, HUGETLB)
                .check(all);
        noClasses().that().resideInAPackage(HUGETLB)
                .should().dependOnClassesThat().resideInAnyPackage(EXAMPLES, IVSHMEM, SYSFS)
                .check(all);
    }

    @Test
    void sharedMemoryKnowsTheHugepagesAndCore() {
        noClasses().that().resideInAPackage(IVSHMEM)
                .should().dependOnClassesThat().resideInAnyPackage(EXAMPLES, SYSFS)
                .check(all);
    }

    @Test
    void packagesOfSharedMemoryHaveNoCycles() {
        slices().matching("io.vnfkit.ivshmem.(*)..").should().beFreeOfCycles().check(all);
    }

    @ParameterizedTest
    @MethodSource("io.vnfkit.testing.LibraryRules#all")
    void eachModuleKeepsTheRulesOfTheLibrary(ArchRule rule) {
        rule.check(library);
    }

    private static DescribedPredicate<JavaClass> isOfCore() {
        return DescribedPredicate.not(resideInAnyPackage(EXAMPLES, IVSHMEM, HUGETLB, SYSFS));
    }
}
