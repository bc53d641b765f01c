package io.vnfkit.dpdk.binding;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.Buffer;

/**
 * The functions of forwarder.h, mapped directly. Bound by {@link ForwarderLoader} to the library that it found, before
 * anything else of this class is used.
 */
final class ForwarderLibrary {

    private ForwarderLibrary() {}

    static void bind(NativeLibrary library) {
        Native.register(ForwarderLibrary.class, library);
    }

    static native int vnfkit_version();

    static native String vnfkit_dpdk_version();

    static native int vnfkit_eal_start(int argc, long argv, int logDescriptor);

    static native int vnfkit_eal_stop();

    static native int vnfkit_log_level(String pattern, int level);

    static native int vnfkit_lcores(Buffer lcores, int capacity);

    static native long vnfkit_tsc_hertz();

    static native int vnfkit_heap(int node, Buffer freeBytes, Buffer totalBytes);

    static native int vnfkit_pool_create(String name, int mbufs, int cache, int dataRoom, int node);

    static native int vnfkit_pool_free(int pool);

    static native long vnfkit_pool_retire(int pool);

    static native long vnfkit_pool_available(int pool);

    static native int vnfkit_ring_create(String name, int size, int node, int oneProducer, int oneConsumer);

    static native int vnfkit_ring_free(int ring);

    static native long vnfkit_ring_count(int ring);

    static native int vnfkit_ring_fill(int ring, int pool, int count, Buffer frame, int length);

    static native long vnfkit_ring_drain(int ring);

    static native int vnfkit_channel_open(Buffer configuration);

    static native int vnfkit_channel_close(int channel);

    static native long vnfkit_channel_restart(int channel);

    static native int vnfkit_channel_pool(int channel);

    static native int vnfkit_channel_info(int channel, Buffer info);

    static native int vnfkit_device_plug(String name, String arguments);

    static native int vnfkit_device_unplug(String name);

    static native int vnfkit_port_find(String device);

    static native int vnfkit_port_configure(int port, Buffer configuration);

    static native int vnfkit_port_start(int port);

    static native int vnfkit_port_stop(int port);

    static native int vnfkit_port_release(int port);

    static native int vnfkit_port_close(int port);

    static native int vnfkit_port_info(int port, Buffer info);

    static native int vnfkit_port_set_mac(int port, Buffer mac);

    static native int vnfkit_port_set_promiscuous(int port, int on);

    static native int vnfkit_port_statistics(int port, Buffer statistics);

    static native int vnfkit_port_extended(int port, Buffer statistics, int capacity);

    static native int vnfkit_port_reset_statistics(int port);

    static native int vnfkit_routes_create(int addressBytes, int groups, int node);

    static native int vnfkit_routes_apply(int routes, Buffer changes, int count, Buffer done);

    static native int vnfkit_routes_free(int routes);

    static native int vnfkit_next_hops_create(int capacity, int node);

    static native int vnfkit_next_hops_set(int nextHops, int slot, Buffer nextHop);

    static native int vnfkit_next_hops_free(int nextHops);

    static native int vnfkit_subscribers_create(int capacity, int node);

    static native int vnfkit_subscribers_apply(int subscribers, Buffer changes, int count, Buffer done);

    static native long vnfkit_subscribers_count(int subscribers);

    static native int vnfkit_subscribers_free(int subscribers);

    static native int vnfkit_synchronize();

    static native int vnfkit_task_create(Buffer configuration);

    static native int vnfkit_task_free(int task);

    static native int vnfkit_task_start(int task, int lcore);

    static native int vnfkit_task_stop(int task);

    static native int vnfkit_generator_rate(int task, int unit, long rate);

    static native int vnfkit_lcore_watch(int lcore, Buffer statistics, int measureGaps);
}
