package io.vnfkit.dpdk.channel;

import io.vnfkit.dpdk.binding.Forwarder;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A side of a packet channel that a forwarding core is.
 *
 * <p>If the receiver of a channel dies, packets that it had not given back stay on their way, and no other receiver is let
 * in. The sender takes them back:
 *
 * <pre>{@code
 * if (!core.channel("east").isPeerPresent()) {
 *     core.task("l2fwd").stop();
 *     core.channel("east").recover();
 *     core.task("l2fwd").start();
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class RunningChannel {

    private static final Logger LOG = LoggerFactory.getLogger(RunningChannel.class);

    private final Forwarder forwarder;
    private final String name;
    private final ChannelSide side;
    private final ChannelSide.Hold hold;
    private final int handle;
    private final Supplier<Optional<String>> runningTask;
    private boolean isClosed;

    private RunningChannel(Forwarder forwarder, String name, ChannelSide side, ChannelSide.Hold hold, int handle,
            Supplier<Optional<String>> runningTask) {
        this.forwarder = forwarder;
        this.name = name;
        this.side = side;
        this.hold = hold;
        this.handle = handle;
        this.runningTask = runningTask;
    }

    /**
     * For the forwarding core: takes the side and opens it.
     *
     * @param forwarder the core
     * @param name how the description calls it
     * @param side which side of which channel
     * @param poolName name of its mempool
     * @param node where its mbufs lie
     * @param runningTask name of the task that runs with it now
     * @return the side
     */
    public static RunningChannel open(Forwarder forwarder, String name, ChannelSide side, String poolName, int node,
            Supplier<Optional<String>> runningTask) {
        ChannelSide.Hold hold = side.take();
        try {
            int handle = forwarder.openChannel(ChannelLayout.configuration(side, poolName, node));
            return new RunningChannel(forwarder, name, side, hold, handle, runningTask);
        } catch (RuntimeException failure) {
            hold.close();
            throw failure;
        }
    }

    /** For the forwarding core, when no task and no port has it any more: with a task, EBUSY. Idempotent. */
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        boolean isGone = forwarder.closeChannel(handle);
        isClosed = true;
        if (isGone) {
            hold.close();
            return;
        }
        LOG.warn("a driver still has packets of {}: this process stays its {} until the region is detached", this,
                side.direction());
    }

    /** For the forwarding core: whether packets, or buffers of a sender, are in other hands. */
    public synchronized boolean isAnyPacketOut() {
        ChannelInformation now = information();
        return now.inFlight() > 0
                || side.direction() == Direction.SENDER && now.freeBuffers() < side.place().bufferCount();
    }

    /**
     * Which side of which channel it is.
     *
     * @return the side
     */
    public ChannelSide side() {
        return side;
    }

    /**
     * The number that the core gave it.
     *
     * @return the handle
     */
    public int handle() {
        return handle;
    }

    /** For the forwarding core: the mempool of a sender's buffers. */
    public synchronized int pool() {
        return forwarder.poolOfChannel(requireOpen());
    }

    /**
     * How it is.
     *
     * @return the values now
     * @throws IllegalStateException if the forwarding core is closed
     */
    public synchronized ChannelInformation information() {
        ByteBuffer buffer = ChannelLayout.information();
        forwarder.channelInfo(requireOpen(), buffer);
        return ChannelLayout.information(buffer);
    }

    /**
     * Tells whether the other side is there: a system call.
     *
     * @return false if nobody has taken it, or who had has ended
     * @throws IllegalStateException if the forwarding core is closed
     */
    public synchronized boolean isPeerPresent() {
        requireOpen();
        return hold.isPeerPresent();
    }

    /**
     * Takes back all packets of a sender after the receiver has ended. They are lost, and both rings begin anew; so does a
     * channel that was {@linkplain ChannelInformation#damaged damaged}.
     *
     * @return how many packets were on their way; 0 also if there is a receiver, and nothing was done
     * @throws IllegalStateException if this is a receiver, its task runs, or the forwarding core is closed
     */
    public synchronized long recover() {
        requireOpen();
        if (side.direction() != Direction.SENDER) {
            throw new IllegalStateException(this + " is a receiver: its sender recovers what is on the way");
        }
        runningTask.get().ifPresent(task -> {
            throw new IllegalStateException("task \"" + task + "\" sends to " + this + ": stop it before the channel"
                    + " begins anew");
        });
        return hold.whileNobodyReceives(() -> forwarder.restartChannel(handle));
    }

    private int requireOpen() {
        // The number of the handle may be that of another core's channel by now.
        if (isClosed) {
            throw new IllegalStateException("the forwarding core of " + this + " is closed");
        }
        return handle;
    }

    @Override
    public String toString() {
        return "channel \"" + name + "\"";
    }
}
