package io.vnfkit.dpdk.statistics;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a task has counted since it was created. Each counter is exact; two of them may be a burst apart, since they are
 * read while the task runs.
 *
 * @param received packets taken from the inputs; of a generator, made
 * @param receivedBytes their bytes; 0 for the function none, which does not look at packets
 * @param sent packets given to the outputs
 * @param copied of those sent, packets that had to be copied into the memory of a channel
 * @param polls how often the inputs were asked
 * @param idlePolls how often there was nothing
 * @param reordered packets that a sink got after a later one
 * @param lost packets that a sink found missing and that have not come late
 * @param drops packets dropped, by reason; reasons that did not occur are absent
 */
public record TaskStatistics(long received, long receivedBytes, long sent, long copied, long polls, long idlePolls,
        long reordered, long lost, Map<DropReason, Long> drops) {

    /** Copies the map. */
    public TaskStatistics {
        EnumMap<DropReason, Long> copy = new EnumMap<>(DropReason.class);
        copy.putAll(drops);
        drops = Collections.unmodifiableMap(copy);
    }

    /**
     * Packets dropped for any reason.
     *
     * @return their number
     */
    public long dropped() {
        return drops.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Packets dropped for one reason.
     *
     * @param reason the reason
     * @return their number
     */
    public long dropped(DropReason reason) {
        return drops.getOrDefault(reason, 0L);
    }

    /**
     * What was counted after an earlier reading.
     *
     * @param earlier of the same task
     * @return the differences
     */
    public TaskStatistics since(TaskStatistics earlier) {
        EnumMap<DropReason, Long> difference = new EnumMap<>(DropReason.class);
        drops.forEach((reason, count) -> {
            long more = count - earlier.dropped(reason);
            if (more != 0) {
                difference.put(reason, more);
            }
        });
        return new TaskStatistics(received - earlier.received, receivedBytes - earlier.receivedBytes,
                sent - earlier.sent, copied - earlier.copied, polls - earlier.polls, idlePolls - earlier.idlePolls,
                reordered - earlier.reordered, lost - earlier.lost, difference);
    }
}
