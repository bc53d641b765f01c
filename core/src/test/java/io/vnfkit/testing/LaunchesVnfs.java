package io.vnfkit.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A class of tests that launch VNFs with {@link InsideVnf}: runs as root only, and each test must leave nothing behind.
 * What other programs on the machine do to control groups and hugepages meanwhile does not matter.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("root")
@RequiresRoot
@ExtendWith(VnfLeakCheck.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
public @interface LaunchesVnfs {}
