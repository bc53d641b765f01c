// SPDX-License-Identifier: Apache-2.0
#include "memory.h"
#include "port.h"
#include "region.h"
#include "task.h"

#include <errno.h>
#include <net/if.h>
#include <rte_bus.h>
#include <rte_bus_vdev.h>
#include <rte_dev.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

// What an Ethernet frame has around its payload: addresses, type, two tags.
#define FRAME_OVERHEAD 22
#define DRAIN_BURST 32u
// More packets than any queue holds.
#define DRAIN_BURSTS (65536u / DRAIN_BURST)
#define PARKING "vnfkit_parking"
// A queue of a tap takes as many mbufs as it has descriptors, which here is one, and a tap has at most 16 queues.
#define PARKING_PLACES 255u

static uint8_t is_started[RTE_MAX_ETHPORTS];

// Not rte_eal_hotplug_add: since 26.07, and 24.11.8, it refuses a device string of 128 characters, as two paths soon are,
// because it would have to tell secondary processes. One that starts later asks for all virtual devices anyway.
int vnfkit_device_plug(const char *name, const char *arguments)
{
    int failure = rte_vdev_init(name, arguments);

    // Positive: no driver has such a name.
    return failure > 0 ? -ENODEV : failure;
}

int vnfkit_device_unplug(const char *name)
{
    return rte_vdev_uninit(name);
}

int vnfkit_port_find(const char *device)
{
    uint16_t port;
    int failure = rte_eth_dev_get_port_by_name(device, &port);

    return failure ? failure : port;
}

static int set_queues(
    uint16_t port, const struct vnfkit_port_config *config, struct rte_mempool *pool, const struct rte_eth_conf *device)
{
    struct rte_eth_dev_info info;
    uint16_t receive = (uint16_t)config->receive_descriptors;
    uint16_t transmit = (uint16_t)config->transmit_descriptors;
    int node = rte_eth_dev_socket_id(port);
    int failure = rte_eth_dev_info_get(port, &info);

    if (failure == 0)
        failure = rte_eth_dev_adjust_nb_rx_tx_desc(port, &receive, &transmit);
    if (failure)
        return failure;
    info.default_rxconf.offloads = device->rxmode.offloads;
    info.default_txconf.offloads = device->txmode.offloads;
    for (uint16_t queue = 0; failure == 0 && queue < config->receive_queues; queue++)
        failure = rte_eth_rx_queue_setup(port, queue, receive, (unsigned int)node, &info.default_rxconf, pool);
    for (uint16_t queue = 0; failure == 0 && queue < config->transmit_queues; queue++)
        failure = rte_eth_tx_queue_setup(port, queue, transmit, (unsigned int)node, &info.default_txconf);
    return failure;
}

// A frame longer than a buffer comes and goes as several segments, where the driver can do that.
static void choose_segments(struct rte_eth_conf *device, const struct rte_eth_dev_info *info, uint32_t mtu,
    const struct rte_mempool *pool)
{
    if (mtu + FRAME_OVERHEAD <= (uint32_t)rte_pktmbuf_data_room_size((struct rte_mempool *)(uintptr_t)pool)
            - RTE_PKTMBUF_HEADROOM)
        return;
    device->rxmode.offloads |= info->rx_offload_capa & RTE_ETH_RX_OFFLOAD_SCATTER;
    device->txmode.offloads |= info->tx_offload_capa & RTE_ETH_TX_OFFLOAD_MULTI_SEGS;
}

int vnfkit_port_configure(int port, const struct vnfkit_port_config *config)
{
    struct rte_eth_conf device;
    struct rte_eth_dev_info info;
    struct rte_mempool *pool = pool_of(config->pool);
    uint16_t id = (uint16_t)port;
    uint16_t mtu;
    int failure;

    if (pool == NULL)
        return -EBADF;
    if (!port_is_valid((uint32_t)port))
        return -ENODEV;
    if (config->receive_queues > UINT16_MAX || config->transmit_queues > UINT16_MAX
            || config->receive_descriptors > UINT16_MAX || config->transmit_descriptors > UINT16_MAX
            || config->mtu > UINT16_MAX)
        return -EINVAL;
    failure = rte_eth_dev_info_get(id, &info);
    if (failure == 0)
        failure = rte_eth_dev_get_mtu(id, &mtu);
    if (failure)
        return failure;
    if (config->mtu != 0)
        mtu = (uint16_t)config->mtu;
    memset(&device, 0, sizeof device);
    if (config->rss != 0 && config->receive_queues > 1) {
        device.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
        device.rx_adv_conf.rss_conf.rss_hf = config->rss & info.flow_type_rss_offloads;
    }
    // 0 would set that of Ethernet, whatever the port had before.
    device.rxmode.mtu = mtu;
    choose_segments(&device, &info, mtu, pool);
    failure = region_map_for_port(id);
    if (failure == 0)
        failure = rte_eth_dev_configure(
            id, (uint16_t)config->receive_queues, (uint16_t)config->transmit_queues, &device);
    if (failure == 0)
        failure = set_queues(id, config, pool, &device);
    // Not every virtual device can say an MTU; one that was not asked for is the driver's own affair.
    if (failure == 0 && config->mtu != 0)
        failure = rte_eth_dev_set_mtu(id, (uint16_t)config->mtu);
    return failure;
}

int vnfkit_port_start(int port)
{
    int failure = port_is_valid((uint32_t)port) ? rte_eth_dev_start((uint16_t)port) : -ENODEV;

    if (failure == 0)
        is_started[port] = 1;
    return failure;
}

// Some drivers have packets in memory of their own that outlives a stop, such as the rings of net_ring: the next user of
// the port would get them, out of a mempool that is no more. There may be no end of packets, so this gives up.
static void drain(uint16_t port)
{
    struct rte_eth_dev_info info;
    struct rte_mbuf *packets[DRAIN_BURST];

    if (rte_eth_dev_info_get(port, &info) != 0)
        return;
    for (uint16_t queue = 0; queue < info.nb_rx_queues; queue++)
        for (uint32_t bursts = 0; bursts < DRAIN_BURSTS; bursts++) {
            uint16_t received = rte_eth_rx_burst(port, queue, packets, DRAIN_BURST);

            rte_pktmbuf_free_bulk(packets, received);
            if (received == 0)
                break;
        }
    // Not every driver can; those that cannot free what was sent when they stop.
    for (uint16_t queue = 0; queue < info.nb_tx_queues; queue++)
        rte_eth_tx_done_cleanup(port, queue, 0);
}

int vnfkit_port_stop(int port)
{
    int failure;

    if (!port_is_valid((uint32_t)port))
        return -ENODEV;
    if (is_started[port])
        drain((uint16_t)port);
    failure = rte_eth_dev_stop((uint16_t)port);
    if (failure == 0)
        is_started[port] = 0;
    return failure;
}

// Gives each receive queue another mempool, which stays for as long as the EAL: ethdev releases a queue before it is set
// up anew, and its mbufs with it.
static int park_queues(uint16_t port, const struct rte_eth_dev_info *info)
{
    struct rte_mempool *pool = rte_mempool_lookup(PARKING);
    uint16_t descriptors = (uint16_t)RTE_MAX(1u, info->rx_desc_lim.nb_min);
    int failure = 0;

    if (pool == NULL)
        pool = rte_pktmbuf_pool_create(PARKING, PARKING_PLACES, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
    if (pool == NULL)
        return -rte_errno;
    for (uint16_t queue = 0; failure == 0 && queue < info->nb_rx_queues; queue++)
        failure = rte_eth_rx_queue_setup(port, queue, descriptors, (unsigned int)SOCKET_ID_ANY, NULL, pool);
    return failure;
}

// ethdev releases the queues that a new configuration no longer has, but takes "no queue at all" as a wish for the
// driver's own choice. So the queues of one direction go after those of the other. Where the driver refuses such a
// configuration, ethdev releases all queues on its way out, which serves as well, but for taps: since 24.11 their driver
// looks at the queue of the other direction then, in an array that ethdev has already freed.
int vnfkit_port_release(int port)
{
    struct rte_eth_dev_info info;
    struct rte_eth_conf device;
    uint16_t id = (uint16_t)port;
    uint16_t mtu;

    if (!port_is_valid((uint32_t)port) || rte_eth_dev_get_mtu(id, &mtu) != 0 || rte_eth_dev_info_get(id, &info) != 0)
        return -ENODEV;
    if (is_started[port])
        return -EBUSY;
    if (strcmp(info.driver_name, "net_tap") == 0)
        return park_queues(id, &info);
    memset(&device, 0, sizeof device);
    device.rxmode.mtu = mtu;
    if (rte_eth_dev_configure(id, 0, 1, &device) == 0)
        rte_eth_dev_configure(id, 1, 0, &device);
    return 0;
}

int vnfkit_port_close(int port)
{
    if (!port_is_valid((uint32_t)port))
        return -ENODEV;
    region_unmap_for_port((uint16_t)port);
    return rte_eth_dev_close((uint16_t)port);
}

static void copy_name(char *target, const char *name)
{
    snprintf(target, VNFKIT_NAME_SIZE, "%s", name != NULL ? name : "");
}

// A port on an interface of the kernel sends what that lets through; most drivers do not know how much that is.
static uint16_t lower_mtu(uint16_t mtu, unsigned int interface)
{
    struct ifreq request;
    int descriptor;
    int failure;

    memset(&request, 0, sizeof request);
    if (interface == 0 || if_indextoname(interface, request.ifr_name) == NULL)
        return mtu;
    descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return mtu;
    failure = ioctl(descriptor, SIOCGIFMTU, &request);
    close(descriptor);
    return failure || request.ifr_mtu <= 0 || request.ifr_mtu > mtu ? mtu : (uint16_t)request.ifr_mtu;
}

int vnfkit_port_info(int port, struct vnfkit_port_info *result)
{
    uint16_t id = (uint16_t)port;
    struct rte_eth_dev_info info;
    struct rte_eth_link link;
    struct rte_ether_addr mac;
    char name[RTE_ETH_NAME_MAX_LEN];
    int failure = port_is_valid((uint32_t)port) ? rte_eth_dev_info_get(id, &info) : -ENODEV;

    if (failure)
        return failure;
    memset(result, 0, sizeof *result);
    if (rte_eth_dev_get_name_by_port(id, name) == 0)
        copy_name(result->device, name);
    copy_name(result->driver, info.driver_name);
    if (rte_eth_macaddr_get(id, &mac) == 0)
        memcpy(result->mac, mac.addr_bytes, sizeof result->mac);
    rte_eth_dev_get_mtu(id, &result->mtu);
    result->mtu = lower_mtu(result->mtu, info.if_index);
    result->node = rte_eth_dev_socket_id(id);
    result->max_receive_queues = info.max_rx_queues;
    result->max_transmit_queues = info.max_tx_queues;
    result->max_receive_descriptors = info.rx_desc_lim.nb_max;
    result->max_transmit_descriptors = info.tx_desc_lim.nb_max;
    result->min_mtu = info.min_mtu;
    result->max_mtu = info.max_mtu;
    result->receive_offloads = info.rx_offload_capa;
    result->transmit_offloads = info.tx_offload_capa;
    result->rss_types = info.flow_type_rss_offloads;
    result->promiscuous = rte_eth_promiscuous_get(id) == 1;
    if (rte_eth_link_get_nowait(id, &link) == 0) {
        result->link_up = link.link_status == RTE_ETH_LINK_UP;
        result->link_speed = link.link_speed;
        result->link_full_duplex = link.link_duplex == RTE_ETH_LINK_FULL_DUPLEX;
    }
    return 0;
}

int vnfkit_port_set_mac(int port, const uint8_t *mac)
{
    struct rte_ether_addr address;
    int failure;

    if (!port_is_valid((uint32_t)port))
        return -ENODEV;
    memcpy(address.addr_bytes, mac, sizeof address.addr_bytes);
    failure = rte_eth_dev_default_mac_addr_set((uint16_t)port, &address);
    if (failure == 0)
        task_set_mac((uint16_t)port, mac);
    return failure;
}

int vnfkit_port_set_promiscuous(int port, int on)
{
    if (!port_is_valid((uint32_t)port))
        return -ENODEV;
    return on ? rte_eth_promiscuous_enable((uint16_t)port) : rte_eth_promiscuous_disable((uint16_t)port);
}

int vnfkit_port_statistics(int port, struct vnfkit_port_statistics *result)
{
    struct rte_eth_stats statistics;
    int failure = port_is_valid((uint32_t)port) ? rte_eth_stats_get((uint16_t)port, &statistics) : -ENODEV;

    if (failure)
        return failure;
    result->received = statistics.ipackets;
    result->sent = statistics.opackets;
    result->received_bytes = statistics.ibytes;
    result->sent_bytes = statistics.obytes;
    result->missed = statistics.imissed;
    result->receive_errors = statistics.ierrors;
    result->transmit_errors = statistics.oerrors;
    result->no_mbuf = statistics.rx_nombuf;
    return 0;
}

int vnfkit_port_extended(int port, struct vnfkit_extended_statistic *result, uint32_t capacity)
{
    int count = port_is_valid((uint32_t)port) ? rte_eth_xstats_get_names((uint16_t)port, NULL, 0) : -ENODEV;
    struct rte_eth_xstat_name *names;
    struct rte_eth_xstat *values;

    if (count <= 0 || (uint32_t)count > capacity)
        return count;
    names = calloc((size_t)count, sizeof *names);
    values = calloc((size_t)count, sizeof *values);
    if (names == NULL || values == NULL
            || rte_eth_xstats_get_names((uint16_t)port, names, (unsigned int)count) != count
            || rte_eth_xstats_get((uint16_t)port, values, (unsigned int)count) != count)
        count = -EIO;
    for (int i = 0; i < count; i++) {
        memcpy(result[i].name, names[values[i].id].name, VNFKIT_NAME_SIZE);
        result[i].value = values[i].value;
    }
    free(names);
    free(values);
    return count;
}
_Static_assert(RTE_ETH_XSTATS_NAME_SIZE == VNFKIT_NAME_SIZE, "names are copied whole");

int vnfkit_port_reset_statistics(int port)
{
    return port_is_valid((uint32_t)port) ? rte_eth_stats_reset((uint16_t)port) : -ENODEV;
}
