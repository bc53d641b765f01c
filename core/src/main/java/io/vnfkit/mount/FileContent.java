package io.vnfkit.mount;

import io.vnfkit.unit.CpuSet;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The content of a file that stands in for one of the kernel's. Plans of equal descriptions are equal, so content that
 * changes by itself (free memory, clock rates) is named here and filled in when the launch happens.
 */
public sealed interface FileContent {

    /**
     * A fixed text.
     *
     * @param text the whole content; sysfs files end with a newline, and the EAL insists on it
     */
    record Text(String text) implements FileContent {

        /** Checks that it is there. */
        public Text {
            Objects.requireNonNull(text, "text");
        }

        @Override
        public String toString() {
            return "\"" + text.strip() + "\"";
        }
    }

    /**
     * /proc/cpuinfo with the blocks of some processors only.
     *
     * @param cpus the processors that stay
     */
    record Cpuinfo(CpuSet cpus) implements FileContent {

        /** Checks that it is there. */
        public Cpuinfo {
            Objects.requireNonNull(cpus, "cpus");
        }
    }

    /**
     * A file in the style of /proc/meminfo with some values replaced.
     *
     * @param source absolute path of the host's file: {@code /proc/meminfo} or a node's {@code meminfo}
     * @param values new value per key, such as {@code HugePages_Total} to {@code 256}; with its unit where the kernel
     *     prints one
     */
    record Meminfo(String source, Map<String, String> values) implements FileContent {

        /** Copies the values. */
        public Meminfo {
            Objects.requireNonNull(source, "source");
            values = Collections.unmodifiableMap(new TreeMap<>(values));
        }
    }

    /**
     * A copy of a file of the host as it is at the launch.
     *
     * @param source absolute path of the host's file
     */
    record CopyOf(String source) implements FileContent {

        /** Checks that it is there. */
        public CopyOf {
            Objects.requireNonNull(source, "source");
        }
    }
}
