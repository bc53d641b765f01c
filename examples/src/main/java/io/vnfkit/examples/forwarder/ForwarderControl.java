package io.vnfkit.examples.forwarder;

import io.vnfkit.dpdk.statistics.ForwardingStatistics;
import io.vnfkit.dpdk.statistics.StatisticsArea;
import io.vnfkit.dpdk.table.IpPrefix;
import io.vnfkit.dpdk.table.NextHop;
import io.vnfkit.dpdk.table.Subscriber;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.Writer;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The manager's side of a {@link Forwarder} that runs in a VNF: routes and subscribers over its control socket,
 * counters from its statistics file. Reading counters makes no call and does not wake the VNF.
 *
 * <p>Thread-safe.
 */
public final class ForwarderControl implements AutoCloseable {

    private final StatisticsArea area;
    private final SocketChannel socket;
    private final BufferedReader answers;
    private final Writer requests;

    private ForwarderControl(StatisticsArea area, SocketChannel socket) {
        this.area = area;
        this.socket = socket;
        this.answers = new BufferedReader(Channels.newReader(socket, StandardCharsets.UTF_8));
        this.requests = Channels.newWriter(socket, StandardCharsets.UTF_8);
    }

    /**
     * Connects to a forwarder that says that it is forwarding.
     *
     * @param statistics its statistics file, as this process sees it
     * @param control its control socket, as this process sees it
     * @return the connection
     * @throws IOException if nobody listens there
     * @throws io.vnfkit.dpdk.statistics.StatisticsAreaException if the file is no statistics area
     */
    public static ForwarderControl connect(Path statistics, Path control) throws IOException {
        StatisticsArea area = StatisticsArea.open(statistics);
        return new ForwarderControl(area, SocketChannel.open(UnixDomainSocketAddress.of(control)));
    }

    /**
     * All counters of the forwarder, read from memory.
     *
     * @return the values now
     */
    public ForwardingStatistics statistics() {
        return area.read();
    }

    /**
     * Adds a route, or gives its prefix another next hop. In force when this returns.
     *
     * @param prefix where to
     * @param nextHop how; its output is the number of an interface in the order of the forwarder's command line
     * @throws IOException if the forwarder refuses or is gone
     */
    public void put(IpPrefix prefix, NextHop nextHop) throws IOException {
        ask(new ControlRequest.Put(new Route(prefix, nextHop)));
    }

    /**
     * Removes a route. Out of force when this returns.
     *
     * @param prefix where to
     * @throws IOException if the forwarder has no such route or is gone
     */
    public void remove(IpPrefix prefix) throws IOException {
        ask(new ControlRequest.Remove(prefix));
    }

    /**
     * The routes of the forwarder.
     *
     * @return next hops by prefix
     * @throws IOException if the forwarder is gone
     */
    public Map<IpPrefix, NextHop> routes() throws IOException {
        Map<IpPrefix, NextHop> routes = new LinkedHashMap<>();
        for (String line : ask(new ControlRequest.ListAll())) {
            Route route = Route.parse(Arrays.asList(line.split(" ")));
            routes.put(route.prefix(), route.nextHop());
        }
        return routes;
    }

    /**
     * Adds a subscriber to a BNG, or replaces the one with the same two tags. In force when this returns.
     *
     * @param subscriber the subscriber; its output is 0
     * @throws IOException if the forwarder refuses or is gone
     */
    public void put(Subscriber subscriber) throws IOException {
        ask(new ControlRequest.PutSubscriber(subscriber));
    }

    /**
     * Removes a subscriber of a BNG. Out of force when this returns.
     *
     * @param outerTag outer VLAN tag of the subscriber
     * @param innerTag inner VLAN tag of the subscriber
     * @throws IOException if the forwarder has no such subscriber or is gone
     */
    public void removeSubscriber(int outerTag, int innerTag) throws IOException {
        ask(new ControlRequest.RemoveSubscriber(SubscriberText.withTags(outerTag, innerTag)));
    }

    /**
     * How many subscribers a BNG has.
     *
     * @return their number
     * @throws IOException if the forwarder has no table of subscribers or is gone
     */
    public long subscribers() throws IOException {
        return Long.parseLong(ask(new ControlRequest.CountSubscribers()).get(0));
    }

    private synchronized List<String> ask(ControlRequest request) throws IOException {
        requests.write(request + "\n");
        requests.flush();
        List<String> lines = new ArrayList<>();
        while (true) {
            String line = answers.readLine();
            if (line == null) {
                throw new EOFException(request + ": the forwarder is gone");
            }
            if (line.startsWith(ControlServer.ERROR)) {
                throw new IOException(request + ": " + line.substring(ControlServer.ERROR.length()));
            }
            if (line.equals(ControlServer.OK)) {
                return lines;
            }
            lines.add(line);
        }
    }

    /** Closes the socket. The forwarder goes on. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
