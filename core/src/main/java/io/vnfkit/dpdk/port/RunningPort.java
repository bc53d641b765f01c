package io.vnfkit.dpdk.port;

import io.vnfkit.dpdk.binding.Forwarder;
import io.vnfkit.unit.MacAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A port that was set up.
 *
 * <p>Thread-safe. The counters are asked from the driver, with a call each time. All that asks the port for something
 * throws an {@link IllegalStateException} when the forwarding core is closed.
 */
public final class RunningPort {

    private static final int NAME_SIZE = 64;
    private static final int EXTENDED_SIZE = NAME_SIZE + Long.BYTES;

    private final Forwarder forwarder;
    private final Port description;
    private final int id;
    private volatile boolean isClosed;

    /** For the forwarding core. */
    public RunningPort(Forwarder forwarder, Port description, int id) {
        this.forwarder = forwarder;
        this.description = description;
        this.id = id;
    }

    /** For the forwarding core: from now on, the number may be that of another port. */
    public void close() {
        isClosed = true;
    }

    private int openId() {
        if (isClosed) {
            throw new IllegalStateException("the forwarding core of port \"" + description.name() + "\" is closed");
        }
        return id;
    }

    /**
     * What it was made from.
     *
     * @return the description
     */
    public Port description() {
        return description;
    }

    /**
     * The number that DPDK gave it.
     *
     * @return from 0
     */
    public int id() {
        return id;
    }

    /**
     * What the port says about itself, with the state of the link.
     *
     * @return the values now
     */
    public PortInformation information() {
        ByteBuffer buffer = direct(PortLayout.INFO_SIZE);
        forwarder.portInfo(openId(), buffer);
        return PortLayout.information(buffer);
    }

    /**
     * The counters that every port has.
     *
     * @return the values now
     */
    public PortStatistics statistics() {
        ByteBuffer buffer = direct(8 * Long.BYTES);
        forwarder.portStatistics(openId(), buffer);
        return new PortStatistics(buffer.getLong(0), buffer.getLong(8), buffer.getLong(16), buffer.getLong(24),
                buffer.getLong(32), buffer.getLong(40), buffer.getLong(48), buffer.getLong(56));
    }

    /**
     * The counters that its driver has besides.
     *
     * @return by name, in the order of the driver
     */
    public Map<String, Long> extendedStatistics() {
        int capacity = 0;
        ByteBuffer buffer = direct(1);
        int count = forwarder.portExtendedStatistics(openId(), buffer, capacity);
        // A driver may count more things by the time of the next call; then nothing was written.
        while (count > capacity) {
            capacity = count;
            buffer = direct(capacity * EXTENDED_SIZE);
            count = forwarder.portExtendedStatistics(openId(), buffer, capacity);
        }
        Map<String, Long> values = new LinkedHashMap<>();
        for (int at = 0; at < count * EXTENDED_SIZE; at += EXTENDED_SIZE) {
            values.put(PortLayout.text(buffer, at, NAME_SIZE), buffer.getLong(at + NAME_SIZE));
        }
        return Collections.unmodifiableMap(values);
    }

    /** Sets the counters to 0, where the driver can. */
    public void resetStatistics() {
        forwarder.resetPortStatistics(openId());
    }

    /**
     * Sets the MAC address.
     *
     * @param mac the new address
     */
    public void setMac(MacAddress mac) {
        forwarder.setPortMac(openId(), direct(6).put(0, mac.octets()));
    }

    /**
     * Switches the promiscuous mode.
     *
     * @param on whether frames for other stations are taken too
     */
    public void setPromiscuous(boolean on) {
        forwarder.setPortPromiscuous(openId(), on);
    }

    private static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    @Override
    public String toString() {
        return "port " + id + " \"" + description.name() + "\" (" + description.device().name() + ")";
    }
}
