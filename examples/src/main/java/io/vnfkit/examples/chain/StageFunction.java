package io.vnfkit.examples.chain;

import io.vnfkit.dpdk.function.MacRule;
import io.vnfkit.dpdk.function.NetworkFunction;
import io.vnfkit.dpdk.function.PacketTemplate;
import io.vnfkit.dpdk.function.Rate;
import io.vnfkit.unit.MacAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** What a stage of a chain does with packets. */
public enum StageFunction {
    /** Makes frames of 64 bytes. */
    GENERATOR,
    /** Moves packets. */
    NONE,
    /** Moves packets and rewrites their MAC addresses. */
    L2FWD,
    /** Takes packets, and finds out which of the generator's are missing. */
    SINK;

    private static final MacAddress WEST = MacAddress.parse("02:00:00:00:00:01");
    private static final MacAddress EAST = MacAddress.parse("02:00:00:00:00:02");
    private static final int STREAM = 7;

    /** Name of the task in the statistics. */
    public static final String TASK = "stage";

    /** Name of the task that takes packets from the interface of an end. */
    public static final String INTO_CHAIN = "into-chain";

    /** Name of the task that gives packets to the interface of an end. */
    public static final String OUT_OF_CHAIN = "out-of-chain";

    /**
     * The function of the forwarding core.
     *
     * @param packets how many a generator makes; 0 for no end
     * @return the function
     */
    NetworkFunction function(long packets) {
        return switch (this) {
            case GENERATOR -> new NetworkFunction.Generator(
                    List.of(PacketTemplate.udp(WEST, EAST, address(1), address(2), 64)), Rate.unlimited(), packets, STREAM, 1);
            case NONE -> new NetworkFunction.None();
            case L2FWD -> new NetworkFunction.L2Forward(new MacRule.Set(EAST), new MacRule.Set(WEST));
            case SINK -> new NetworkFunction.Sink(STREAM, false);
        };
    }

    private static Inet4Address address(int last) {
        try {
            return (Inet4Address) InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
