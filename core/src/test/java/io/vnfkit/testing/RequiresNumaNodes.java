package io.vnfkit.testing;

import io.vnfkit.linux.KernelFiles;
import io.vnfkit.unit.NodeSet;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test runs only where several NUMA nodes have memory.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresNumaNodes.Condition.class)
public @interface RequiresNumaNodes {

    /**
     * How many.
     *
     * @return number of nodes, counted from node 0
     */
    int value();

    /** Looks at the machine. */
    final class Condition extends Requirement<RequiresNumaNodes> {

        /** For JUnit. */
        public Condition() {
            super(RequiresNumaNodes.class);
        }

        @Override
        Optional<Missing> missing(RequiresNumaNodes required, KernelFiles files) {
            NodeSet nodes = files.readIfExists("/sys/devices/system/node/has_memory")
                    .map(NodeSet::parse).orElse(NodeSet.empty());
            boolean present = NodeSet.range(0, required.value() - 1).minus(nodes).isEmpty();
            return Missing.unless(present, required.value() + " NUMA nodes", "use examples/lab, or a machine with sockets");
        }
    }
}
