package io.vnfkit.dpdk;

import io.vnfkit.dpdk.binding.Forwarder;
import io.vnfkit.dpdk.channel.RunningChannel;
import io.vnfkit.dpdk.port.RunningPort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets mbufs back from ports that outlive the forwarding core, and frees no mempool that such a port still has mbufs of.
 *
 * <p>A port that the core made goes away before its mempool does, with all that it holds. One that was there before is
 * stopped: most drivers free the mbufs in their rings then, some only when the queues are released, and some, such as
 * virtio, only when the port is closed. A closed port cannot be used again in this process, so it is not; its mempool
 * stays until the last mbuf is back, which may be when the next user of the port is served.
 */
final class MbufRecovery {

    private static final Logger LOG = LoggerFactory.getLogger(MbufRecovery.class);

    private final Forwarder forwarder;
    private final Map<Integer, Integer> poolByNode;
    private final int mbufs;
    private final Collection<RunningChannel> channels;
    private final List<RunningPort> lasting = new ArrayList<>();

    MbufRecovery(Forwarder forwarder, Map<Integer, Integer> poolByNode, int mbufs, Collection<RunningChannel> channels) {
        this.forwarder = forwarder;
        this.poolByNode = poolByNode;
        this.mbufs = mbufs;
        this.channels = channels;
    }

    /** Says that a port outlives the core. */
    void mayStayWith(RunningPort port) {
        lasting.add(port);
    }

    private boolean isFull(int pool) {
        return forwarder.availableInPool(pool) >= mbufs;
    }

    private boolean isAnyPacketOut() {
        return !poolByNode.values().stream().allMatch(this::isFull)
                || channels.stream().anyMatch(RunningChannel::isAnyPacketOut);
    }

    /** To be called when ports are stopped, rings and tasks are empty, and channels still open: they want theirs too. */
    void recover() {
        for (RunningPort port : lasting) {
            // Not without need: a driver may print that it does not like a port with queues of one direction.
            if (isAnyPacketOut()) {
                forwarder.releasePort(port.id());
            }
        }
    }

    /** To be called after that. */
    void free(int pool) {
        if (lasting.isEmpty() || isFull(pool)) {
            forwarder.freePool(pool);
            return;
        }
        long out = forwarder.retirePool(pool);
        if (out > 0) {
            LOG.warn("{} mbufs are still with a driver of {}: their mempool stays until they are back", out, lasting);
        }
    }
}
