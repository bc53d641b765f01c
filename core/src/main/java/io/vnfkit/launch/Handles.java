package io.vnfkit.launch;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The handles of VNFs that run, one for each, so that whoever looks for a VNF every second does not open descriptors for it every
 * second. Thread-safe.
 */
final class Handles {

    private final Map<String, LaunchedVnf> running = new ConcurrentHashMap<>();

    /** The handle of a VNF; empty if there is none yet, or the name stands for another VNF now. */
    Optional<LaunchedVnf> of(String name, VnfRecord record) {
        return Optional.ofNullable(running.get(name)).filter(handle -> handle.isOf(record.supervisor()));
    }

    /** Keeps a handle until its VNF has ended. */
    LaunchedVnf keep(LaunchedVnf handle) {
        running.put(handle.name(), handle);
        handle.whenExited(() -> running.remove(handle.name(), handle));
        return handle;
    }
}
