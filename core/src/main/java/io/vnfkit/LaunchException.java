package io.vnfkit;

import io.vnfkit.launch.LaunchPlan;
import io.vnfkit.linux.Errno;
import java.util.Optional;

/**
 * A launch that failed at a step. What had been done was undone, in reverse order; what could not be undone is among the suppressed
 * exceptions.
 */
public final class LaunchException extends VnfkitException {

    private static final long serialVersionUID = 1L;
    private static final int LONGEST_DESCRIPTION = 500;

    private final int stepNumber;
    private final transient LaunchPlan plan;
    private final Errno errno;

    /**
     * Creates the exception.
     *
     * @param plan what was to be done
     * @param stepNumber number of the step that failed; 0 if it was none of them
     * @param errno the kernel's errno; null where there is none
     * @param detail what went wrong, and the likely cure
     * @param cause what went wrong below; may be null
     */
    public LaunchException(LaunchPlan plan, int stepNumber, Errno errno, String detail, Throwable cause) {
        super(message(plan, stepNumber, detail), cause);
        this.plan = plan;
        this.stepNumber = stepNumber;
        this.errno = errno;
    }

    private static String message(LaunchPlan plan, int stepNumber, String detail) {
        String step = stepNumber == 0 ? ""
                : " at step " + stepNumber + " (" + abbreviated(plan.step(stepNumber).describe()) + ")";
        return "launch of VNF \"" + plan.name() + "\" failed" + step + ": " + detail;
    }

    /** A step can hold a whole environment or the content of a file. */
    private static String abbreviated(String description) {
        return description.length() <= LONGEST_DESCRIPTION ? description : description.substring(0, LONGEST_DESCRIPTION) + "...";
    }

    /**
     * Which step failed.
     *
     * @return its number in the plan; 0 if it was none of them
     */
    public int stepNumber() {
        return stepNumber;
    }

    /**
     * The plan that was carried out.
     *
     * @return the plan
     */
    public LaunchPlan plan() {
        return plan;
    }

    /**
     * The kernel's errno.
     *
     * @return the errno; empty where the kernel gave none
     */
    public Optional<Errno> errno() {
        return Optional.ofNullable(errno);
    }
}
