package io.vnfkit.linux;

import java.util.List;

/**
 * What {@link Syscalls#spawn} starts.
 *
 * @param executable path of the program; {@code /proc/self/fd/N} of a memfd works, since the C library's child has a
 *     copy of the descriptor table until exec
 * @param arguments its argv, the program's name first
 * @param descriptors descriptors of this process, in the order of the numbers they get in the child: the first becomes
 *     0, the second 1 and so on. Each must be larger than the length of the list, so that no duplicate overwrites
 *     another.
 */
public record SpawnRequest(String executable, List<String> arguments, List<Integer> descriptors) {

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if a descriptor lies within the range of the numbers to be assigned
     */
    public SpawnRequest {
        arguments = List.copyOf(arguments);
        descriptors = List.copyOf(descriptors);
        int count = descriptors.size();
        if (descriptors.stream().anyMatch(descriptor -> descriptor < count)) {
            throw new IllegalArgumentException("descriptors " + descriptors + " must all be at least " + count);
        }
    }
}
