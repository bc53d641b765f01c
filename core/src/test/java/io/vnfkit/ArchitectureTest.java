package io.vnfkit;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.PrintStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The edges of the package graph, and what a guest in somebody's process does not do. */
class ArchitectureTest {

    private static final String[] NATIVE = {"com.sun.jna..", "jnr.."};
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

    @Test
    void onlyTheSeamsToTheKernelAndToDpdkTouchNativeBindings() {
        noClasses().that().resideOutsideOfPackages("io.vnfkit.linux..", "io.vnfkit.dpdk.binding..")
                .should().dependOnClassesThat().resideInAnyPackage(NATIVE)
                .check(core);
    }

    @Test
    void noPublicSignatureMentionsANativeBinding() {
        signaturesAreFreeOfNativeTypes().check(core);
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

        assertThatThrownBy(() -> signaturesAreFreeOfNativeTypes().check(careless))
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

    @Test
    void theProcessOfTheUserIsLeftAlone() {
        noClasses().should().callMethod(System.class, "exit", int.class)
                .orShould().callMethod(Runtime.class, "exit", int.class)
                .orShould().callMethod(Runtime.class, "halt", int.class)
                .orShould().callMethod(Runtime.class, "addShutdownHook", Thread.class)
                .orShould().callMethod(System.class, "setProperty", String.class, String.class)
                .check(core);
    }

    @Test
    void nothingIsPrintedAndNoThreadSleeps() {
        noClasses().should().accessField(System.class, "out")
                .orShould().accessField(System.class, "err")
                .orShould().callMethod(Throwable.class, "printStackTrace")
                .orShould().callMethod(Throwable.class, "printStackTrace", PrintStream.class)
                .orShould().callMethodWhere(DescribedPredicate.describe("Thread.sleep",
                        call -> call.getTargetOwner().isEquivalentTo(Thread.class) && call.getName().equals("sleep")))
                .check(core);
    }

    @Test
    void nothingDependsOnTheInsidesOfTheJdk() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("sun..", "com.sun.management..", "jdk.internal..")
                .orShould().callConstructor(UnsupportedOperationException.class)
                .check(core);
    }

    @Test
    void everyExceptionOfTheLibraryHasTheCommonBase() {
        classes().that().areAssignableTo(Throwable.class)
                .should().beAssignableTo(VnfkitException.class)
                .check(core);
    }

    private static DescribedPredicate<JavaClass> ofCore() {
        return resideInAPackage("io.vnfkit..");
    }

    private static DescribedPredicate<JavaClass> named(Class<?> type) {
        return DescribedPredicate.describe(type.getSimpleName(), candidate -> candidate.isEquivalentTo(type));
    }

    private static ArchRule signaturesAreFreeOfNativeTypes() {
        ArchCondition<JavaCodeUnit> mentionNoNativeType = new ArchCondition<>("mention no type of JNA or jnr") {
            @Override
            public void check(JavaCodeUnit unit, ConditionEvents events) {
                mentioned(unit).filter(resideInAnyPackage(NATIVE)).forEach(type -> events.add(
                        SimpleConditionEvent.violated(unit, unit.getFullName() + " mentions " + type.getName())));
            }
        };
        return codeUnits().that().areDeclaredInClassesThat().arePublic().and().arePublic().or().areProtected()
                .should(mentionNoNativeType);
    }

    private static Stream<JavaClass> mentioned(JavaCodeUnit unit) {
        return Stream.of(Stream.of(unit.getRawReturnType()), unit.getRawParameterTypes().stream(),
                        unit.getExceptionTypes().stream())
                .flatMap(types -> types);
    }
}
