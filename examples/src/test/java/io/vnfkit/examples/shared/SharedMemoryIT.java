package io.vnfkit.examples.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.examples.NothingLeft;
import io.vnfkit.testing.RequiresFreeHugepages;
import io.vnfkit.testing.RequiresRoot;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The whole example, in which the consumer is killed twice. */
@Tag("root")
@RequiresRoot
@RequiresFreeHugepages(count = 4)
@ExtendWith(NothingLeft.class)
@Timeout(180)
class SharedMemoryIT {

    @Test
    void everythingWorks() {
        assertThat(new SharedMemory().run()).isZero();
    }
}
