package io.vnfkit;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.vnfkit.testing.LibraryRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The edges of the package graph. What holds for every module is in {@link LibraryRules}. */
class ArchitectureTest {

    private static final String[] MECHANISMS = {
        "io.vnfkit.mount..", "io.vnfkit.namespace..", "io.vnfkit.cgroup..", "io.vnfkit.security.."
    };

    private static JavaClasses core;

    @BeforeAll
    static void importClasses() {
        core = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.vnfkit");
    }

    @Test
    void theMainClassesOfCoreAreLookedAt() {
        assertThat(core.contain(Vnf.class)).isTrue();
        assertThat(core.contain(ArchitectureTest.class)).isFalse();
        assertThat(core).hasSizeGreaterThan(50);
    }

    @ParameterizedTest
    @MethodSource("io.vnfkit.testing.LibraryRules#all")
    void coreKeepsTheRulesOfTheLibrary(ArchRule rule) {
        rule.check(core);
    }

    /** A signature that the rule must notice. */
    public static class Careless {
        /** Not to be called. */
        public void take(Pointer pointer) {
            throw new AssertionError(pointer);
        }
    }

    @Test
    void theRuleAboutSignaturesNoticesANativeType() {
        JavaClasses careless = new ClassFileImporter().importClasses(Careless.class);

        assertThatThrownBy(() -> LibraryRules.SIGNATURES_ARE_FREE_OF_NATIVE_BINDINGS.check(careless))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("mentions com.sun.jna.Pointer");
    }

    @Test
    void valueTypesDependOnNothingButTheBaseOfTheExceptions() {
        classes().that().resideInAPackage("io.vnfkit.unit")
                .should().onlyDependOnClassesThat(
                        resideInAnyPackage("java..", "io.vnfkit.unit").or(named(VnfkitException.class)))
                .check(core);
    }

    @Test
    void theSeamToTheKernelKnowsNothingOfContainers() {
        noClasses().that().resideInAPackage("io.vnfkit.linux..")
                .should().dependOnClassesThat(ofCore().and(DescribedPredicate.not(
                        resideInAnyPackage("io.vnfkit.linux..", "io.vnfkit.unit").or(named(VnfkitException.class)))))
                .check(core);
    }

    @Test
    void stepsAndMechanismsDoNotKnowWhoPlansAndLaunches() {
        noClasses().that().resideInAnyPackage(Stream.concat(Stream.of("io.vnfkit.launch.step.."), Stream.of(MECHANISMS))
                        .toArray(String[]::new))
                .should().dependOnClassesThat(resideInAPackage("io.vnfkit.launch..")
                        .and(DescribedPredicate.not(resideInAPackage("io.vnfkit.launch.step.."))))
                .check(core);
    }

    @Test
    void mechanismsKnowOfTheRootPackageOnlyHowToSayWhatIsWrong() {
        noClasses().that().resideInAnyPackage(MECHANISMS)
                .should().dependOnClassesThat(resideInAPackage("io.vnfkit").and(DescribedPredicate.not(
                        named(VnfkitException.class).or(named(Problem.class)).or(named(InvalidVnfException.class)))))
                .check(core);
    }

    @Test
    void packagesBelowTheLauncherHaveNoCycles() {
        slices().matching("io.vnfkit.(linux|unit|launch.step|mount|namespace|cgroup|security|dpdk)")
                .should().beFreeOfCycles()
                .check(core);
    }

    private static DescribedPredicate<JavaClass> ofCore() {
        return resideInAPackage("io.vnfkit..");
    }

    private static DescribedPredicate<JavaClass> named(Class<?> type) {
        return DescribedPredicate.describe(type.getSimpleName(), candidate -> candidate.isEquivalentTo(type));
    }
}
