package io.vnfkit.examples.benchmark.ivshmem;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Contestants, of which the first is held against each of the others. Not thread-safe. */
final class Comparison {

    /** Starts the processes of a contestant. */
    interface Start {
        List<Side> sides(SharedMemory memory) throws IOException;
    }

    private final String title;
    private final Map<String, Start> contestants = new LinkedHashMap<>();

    Comparison(String title) {
        this.title = title;
    }

    Comparison add(String name, Start start) {
        contestants.put(name, start);
        return this;
    }

    String title() {
        return title;
    }

    Map<String, Start> contestants() {
        return contestants;
    }
}
