package io.vnfkit.testing;

import io.vnfkit.linux.FileSystemStatus;
import io.vnfkit.linux.Syscalls.ResourceLimit;
import io.vnfkit.linux.Syscalls.WaitStatus;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.ToIntFunction;

/** What the kernel of a test answers to calls that succeed. Not thread-safe. */
final class ScriptedAnswers {

    final Map<Integer, WaitStatus> ended = new HashMap<>();
    final Map<Path, FileSystemStatus> fileSystems = new HashMap<>();
    final Map<Integer, ResourceLimit> limits = new HashMap<>();
    final Queue<byte[]> input = new ArrayDeque<>();
    ToIntFunction<List<Integer>> readiness = descriptors -> 0;
    int largestWrite = Integer.MAX_VALUE;
    int userId;

    /** The next input, cut to the room that there is; nothing at the end. */
    int read(ByteBuffer target) {
        byte[] bytes = input.isEmpty() ? new byte[0] : input.remove();
        int count = Math.min(bytes.length, target.remaining());
        target.put(bytes, 0, count);
        return count;
    }
}
