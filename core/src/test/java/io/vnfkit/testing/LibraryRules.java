package io.vnfkit.testing;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.vnfkit.VnfkitException;
import java.io.PrintStream;
import java.util.stream.Stream;

/** What holds for each module of the library, which is a guest in somebody's process. */
public final class LibraryRules {

    /** Only the seams to the kernel and to DPDK know JNA and jnr. */
    public static final ArchRule NATIVE_BINDINGS_STAY_IN_THE_SEAMS =
            noClasses().that().resideOutsideOfPackages("io.vnfkit.linux..", "io.vnfkit.dpdk.binding..")
                    .should().dependOnClassesThat().resideInAnyPackage(natives());

    /** No user of the library gets to see a type of JNA or jnr. */
    public static final ArchRule SIGNATURES_ARE_FREE_OF_NATIVE_BINDINGS =
            codeUnits().that().areDeclaredInClassesThat().arePublic().and().arePublic().or().areProtected()
                    .should(mentionNoNativeType());

    /** Nobody ends the process, or changes what holds for all of it. */
    public static final ArchRule THE_PROCESS_IS_LEFT_ALONE =
            noClasses().should().callMethod(System.class, "exit", int.class)
                    .orShould().callMethod(Runtime.class, "exit", int.class)
                    .orShould().callMethod(Runtime.class, "halt", int.class)
                    .orShould().callMethod(Runtime.class, "addShutdownHook", Thread.class)
                    .orShould().callMethod(System.class, "setProperty", String.class, String.class);

    /** Standard output is the host program's; who waits, waits for something. */
    public static final ArchRule NOTHING_IS_PRINTED_AND_NO_THREAD_SLEEPS =
            noClasses().should().accessField(System.class, "out")
                    .orShould().accessField(System.class, "err")
                    .orShould().callMethod(Throwable.class, "printStackTrace")
                    .orShould().callMethod(Throwable.class, "printStackTrace", PrintStream.class)
                    .orShould().callMethodWhere(DescribedPredicate.describe("Thread.sleep",
                            call -> call.getTargetOwner().isEquivalentTo(Thread.class)
                                    && call.getName().equals("sleep")));

    /** No sun.misc.Unsafe among others, and no method that only says that it is missing. */
    public static final ArchRule NOTHING_DEPENDS_ON_THE_INSIDES_OF_THE_JDK =
            noClasses().should().dependOnClassesThat()
                    .resideInAnyPackage("sun..", "com.sun.management..", "jdk.internal..")
                    .orShould().callConstructor(UnsupportedOperationException.class);

    /** One catch clause gets all of them. */
    public static final ArchRule EXCEPTIONS_HAVE_THE_COMMON_BASE =
            classes().that().areAssignableTo(Throwable.class).should().beAssignableTo(VnfkitException.class);

    private LibraryRules() {}

    /**
     * Each rule.
     *
     * @return to be checked on the classes of a module
     */
    public static Stream<ArchRule> all() {
        return Stream.of(NATIVE_BINDINGS_STAY_IN_THE_SEAMS, SIGNATURES_ARE_FREE_OF_NATIVE_BINDINGS,
                THE_PROCESS_IS_LEFT_ALONE, NOTHING_IS_PRINTED_AND_NO_THREAD_SLEEPS,
                NOTHING_DEPENDS_ON_THE_INSIDES_OF_THE_JDK, EXCEPTIONS_HAVE_THE_COMMON_BASE);
    }

    private static String[] natives() {
        return new String[] {"com.sun.jna..", "jnr.."};
    }

    private static ArchCondition<JavaCodeUnit> mentionNoNativeType() {
        return new ArchCondition<>("mention no type of JNA or jnr") {
            @Override
            public void check(JavaCodeUnit unit, ConditionEvents events) {
                mentioned(unit).filter(resideInAnyPackage(natives())).forEach(type -> events.add(
                        SimpleConditionEvent.violated(unit, unit.getFullName() + " mentions " + type.getName())));
            }
        };
    }

    private static Stream<JavaClass> mentioned(JavaCodeUnit unit) {
        return Stream.of(Stream.of(unit.getRawReturnType()), unit.getRawParameterTypes().stream(),
                        unit.getExceptionTypes().stream())
                .flatMap(types -> types);
    }
}
