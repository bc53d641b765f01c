package io.vnfkit.testing;

import io.vnfkit.linux.KernelFiles;
import java.lang.annotation.Annotation;
import java.lang.annotation.Repeatable;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A condition of a test that an annotation names. Where the machine lacks something the test is skipped with the reason
 * {@code missing: <thing> (<how to get it>)}; in strict mode it fails instead, unless that thing may be missing.
 *
 * @param <A> the annotation
 */
abstract class Requirement<A extends Annotation> implements ExecutionCondition {

    private final Class<A> annotation;

    Requirement(Class<A> annotation) {
        this.annotation = annotation;
    }

    /**
     * Looks whether the machine has what is asked for.
     *
     * @param required what is asked for
     * @param files the machine
     * @return what is missing; empty if it is there
     */
    abstract Optional<Missing> missing(A required, KernelFiles files);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        KernelFiles files = KernelFiles.host();
        for (A required : annotations(context)) {
            Optional<Missing> missing = missing(required, files);
            if (missing.isPresent()) {
                // A listener cannot fail a run; a condition that throws fails its test or class.
                Strictness.ofThisRun().requireAllowed(missing.get());
                return ConditionEvaluationResult.disabled(missing.get().reason());
            }
        }
        return ConditionEvaluationResult.enabled("nothing is missing");
    }

    private List<A> annotations(ExtensionContext context) {
        if (annotation.isAnnotationPresent(Repeatable.class)) {
            return AnnotationSupport.findRepeatableAnnotations(context.getElement(), annotation);
        }
        return AnnotationSupport.findAnnotation(context.getElement(), annotation).stream().toList();
    }
}
