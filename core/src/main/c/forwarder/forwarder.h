// SPDX-License-Identifier: Apache-2.0
// The contract between Java and the forwarding core: structures that both sides lay out, functions that Java calls.
//
// Every structure has fixed-size fields and no implicit padding, so that one table of offsets in Java serves all 64-bit
// platforms; the asserts at the end of each hold it. A change here raises VNFKIT_FORWARDER_VERSION.
//
// Functions return 0 or a handle, or a negative errno. They may be called from any thread, but one at a time: Java holds
// a lock. None is called per packet. Java has checked every value before; the core checks what memory safety needs.
#ifndef VNFKIT_FORWARDER_H
#define VNFKIT_FORWARDER_H

#include <stddef.h>
#include <stdint.h>

#define VNFKIT_FORWARDER_VERSION 3
#define VNFKIT_EXPORT __attribute__((visibility("default")))
#define VNFKIT_NAME_SIZE 64
#define VNFKIT_MAX_BURST 256
#define VNFKIT_MAX_ENDPOINTS 16
#define VNFKIT_CACHE_LINE 64

// What a packet was dropped for. The numbers are indexes into vnfkit_task_statistics.drops.
enum vnfkit_drop {
    VNFKIT_DROP_OUTPUT_FULL,
    VNFKIT_DROP_TRUNCATED,        // shorter than its headers say
    VNFKIT_DROP_SCATTERED,        // headers not in the first segment
    VNFKIT_DROP_ETHERTYPE,        // a protocol that this function does not forward
    VNFKIT_DROP_MULTICAST,        // sent to a group, by link layer or network layer address
    VNFKIT_DROP_IP_VERSION,
    VNFKIT_DROP_IP_HEADER,        // header length or total length impossible
    VNFKIT_DROP_IP_CHECKSUM,
    VNFKIT_DROP_TTL,              // time to live or hop limit would become 0
    VNFKIT_DROP_MARTIAN,          // an address that no router forwards
    VNFKIT_DROP_NO_ROUTE,
    VNFKIT_DROP_TOO_BIG,          // longer than the MTU of the output
    VNFKIT_DROP_VLAN_TAGS,        // not exactly the two tags expected
    VNFKIT_DROP_NO_SUBSCRIBER,
    VNFKIT_DROP_MPLS,             // no label, or more than one
    VNFKIT_DROP_TUNNEL,           // not for this end, or flags of GRE that are not supported
    VNFKIT_DROP_FRAGMENT,         // a fragment where reassembly would be needed
    VNFKIT_DROP_NO_HEADROOM,      // no room in the buffer for a longer header
    VNFKIT_DROP_SHARED,           // the buffer has other owners, who must not see it change
    VNFKIT_DROP_FOREIGN,          // sink: not a packet of a vnfkit generator
    VNFKIT_DROP_OTHER_HOST,       // l3fwd: sent to another station than the port that took it
    VNFKIT_DROP_DESCRIPTOR,       // from a channel: empty, or not within the region
    VNFKIT_DROP_DAMAGED,          // to a channel whose other side breaks the rules
    VNFKIT_DROP_REASONS
};

#define VNFKIT_DROP_SLOTS 32
#define VNFKIT_HISTOGRAM_BUCKETS 1024

enum vnfkit_function {
    VNFKIT_FUNCTION_NONE,
    VNFKIT_FUNCTION_L2FWD,
    VNFKIT_FUNCTION_L3FWD,
    VNFKIT_FUNCTION_BNG_UPSTREAM,
    VNFKIT_FUNCTION_BNG_DOWNSTREAM,
    VNFKIT_FUNCTION_BALANCER,
    VNFKIT_FUNCTION_GENERATOR,
    VNFKIT_FUNCTION_SINK,
    VNFKIT_FUNCTIONS
};

enum vnfkit_endpoint_kind { VNFKIT_ENDPOINT_PORT, VNFKIT_ENDPOINT_RING, VNFKIT_ENDPOINT_CHANNEL };

// Where packets come from or go to.
struct vnfkit_endpoint {
    uint32_t kind;
    uint32_t id;                  // port id, or handle of a ring or channel
    uint32_t queue;               // 0 but for a port
    uint32_t mtu;                 // outputs: longest network layer packet; 0 is no limit
    uint8_t mac[6];               // of the port: source of frames that a function builds, destination of those for it
    uint8_t padding[10];
};
_Static_assert(sizeof(struct vnfkit_endpoint) == 32, "layout");

enum vnfkit_mac_rule { VNFKIT_MAC_KEEP, VNFKIT_MAC_SET, VNFKIT_MAC_OTHER };

// l2fwd: what becomes of each address. OTHER takes the packet's other address; both OTHER is a swap.
struct vnfkit_l2fwd_config {
    uint32_t source_rule;
    uint32_t destination_rule;
    uint8_t source[6];
    uint8_t destination[6];
    uint8_t padding[4];
};
_Static_assert(sizeof(struct vnfkit_l2fwd_config) == 24, "layout");

struct vnfkit_l3fwd_config {
    int32_t ipv4_routes;          // handles; -1 for none: such packets are drops by ethertype
    int32_t ipv6_routes;
    int32_t next_hops;
    uint32_t verify_checksum;
    uint32_t any_station;         // route frames for other stations too, where a port takes them
};
_Static_assert(sizeof(struct vnfkit_l3fwd_config) == 20, "layout");

// Upstream: QinQ to MPLS and GRE, routed by the inner destination. Downstream: the reverse, by GRE key.
struct vnfkit_bng_config {
    int32_t subscribers;
    int32_t ipv4_routes;          // upstream only
    int32_t next_hops;            // upstream only
    uint32_t tunnel_local;        // downstream: the address that tunnels must end at, network order; 0 is any
    uint32_t outer_ethertype;     // downstream, of the outer tag: 0x88a8 (802.1ad) or 0x8100. Upstream takes both
    uint32_t mpls;                // whether the core side carries one label
    uint32_t padding[2];
};
_Static_assert(sizeof(struct vnfkit_bng_config) == 32, "layout");

enum vnfkit_balancer_key { VNFKIT_BALANCE_FIVE_TUPLE, VNFKIT_BALANCE_VLAN_TAGS, VNFKIT_BALANCE_GRE_KEY };

struct vnfkit_balancer_config {
    uint32_t key;
    uint32_t padding;
};
_Static_assert(sizeof(struct vnfkit_balancer_config) == 8, "layout");

#define VNFKIT_TEMPLATE_SIZE 256
#define VNFKIT_MAX_TEMPLATES 64

// One packet of a generator's cycle. The payload behind the headers is zeros and, at stamp_offset, a vnfkit_stamp.
struct vnfkit_template {
    uint16_t length;              // of the frame, without its checksum
    uint16_t header_length;
    uint16_t stamp_offset;        // 0: none
    uint16_t ipv4_offset;         // 0: none; where the header checksum is kept right when a field varies
    uint16_t vary_offset;         // a big-endian word of 32 bits that the flow number is added to; 0: none
    uint16_t padding[3];
    uint8_t header[VNFKIT_TEMPLATE_SIZE];
};
_Static_assert(sizeof(struct vnfkit_template) == 272, "layout");

// Sequence number and time of a packet, in the byte order of the host. As small as this so that it fits behind UDP in
// the shortest frame of Ethernet; the sequence number wraps.
struct vnfkit_stamp {
    uint16_t magic;
    uint16_t stream;
    uint32_t sequence;
    uint64_t tsc;
} __attribute__((packed));
_Static_assert(sizeof(struct vnfkit_stamp) == 16, "layout");

#define VNFKIT_STAMP_MAGIC 0x764e

enum vnfkit_rate_unit { VNFKIT_RATE_UNLIMITED, VNFKIT_RATE_PACKETS, VNFKIT_RATE_BITS };

struct vnfkit_generator_config {
    int32_t pool;
    uint32_t rate_unit;
    uint64_t rate;                // packets, or bits on the wire (20 bytes of preamble and gap, 4 of checksum), per second
    uint64_t limit;               // packets; 0 is no limit
    uint32_t stream;
    uint32_t flows;               // how many values the varying word takes, at least 1
    uint32_t template_count;
    uint32_t padding;
    uint64_t templates;           // address of the vnfkit_templates; copied
};
_Static_assert(sizeof(struct vnfkit_generator_config) == 48, "layout");

struct vnfkit_sink_config {
    uint32_t stream;
    uint32_t any_packet;          // count packets without a stamp too, instead of dropping them as foreign
    uint64_t histogram;           // address of a vnfkit_latency
};
_Static_assert(sizeof(struct vnfkit_sink_config) == 16, "layout");

struct vnfkit_task_config {
    char name[VNFKIT_NAME_SIZE];
    uint32_t function;
    uint32_t burst;
    uint32_t input_count;
    uint32_t output_count;
    uint32_t transmit_tries;      // how often to offer a packet to a full output before dropping it, at least 1
    uint32_t padding[3];
    uint64_t statistics;          // address of a vnfkit_task_statistics
    uint64_t reserved;
    union {
        struct vnfkit_l2fwd_config l2fwd;
        struct vnfkit_l3fwd_config l3fwd;
        struct vnfkit_bng_config bng;
        struct vnfkit_balancer_config balancer;
        struct vnfkit_generator_config generator;
        struct vnfkit_sink_config sink;
        uint8_t bytes[64];
    };
    struct vnfkit_endpoint inputs[VNFKIT_MAX_ENDPOINTS];
    struct vnfkit_endpoint outputs[VNFKIT_MAX_ENDPOINTS];
};
_Static_assert(offsetof(struct vnfkit_task_config, l2fwd) == 112, "layout");
_Static_assert(offsetof(struct vnfkit_task_config, inputs) == 176, "layout");
_Static_assert(sizeof(struct vnfkit_task_config) == 1200, "layout");

// Written by the one lcore that runs the task, with plain aligned stores; read by anyone at any time. Each counter is
// exact; two counters of one reading may be a burst apart.
struct vnfkit_task_statistics {
    uint64_t received;
    uint64_t received_bytes;      // stays 0 for the function none, which does not look at packets
    uint64_t sent;
    uint64_t copied;              // of those sent, packets that had to be copied into a channel's memory
    uint64_t polls;
    uint64_t idle_polls;
    uint64_t reordered;           // sink
    uint64_t lost;                // sink: gaps in the sequence, less what came late
    uint64_t drops[VNFKIT_DROP_SLOTS];
} __attribute__((aligned(VNFKIT_CACHE_LINE)));
_Static_assert(sizeof(struct vnfkit_task_statistics) == 320, "layout");

struct vnfkit_lcore_statistics {
    uint64_t iterations;
    uint64_t longest_gap;         // TSC cycles between two iterations, since the last reset; 0 unless measured
    uint64_t running;             // 1 while the lcore is in the loop
    uint64_t tasks;
    uint64_t gap_reset;           // Java raises it, the lcore follows and starts anew
    uint64_t padding[3];
} __attribute__((aligned(VNFKIT_CACHE_LINE)));
_Static_assert(sizeof(struct vnfkit_lcore_statistics) == 64, "layout");

// Latency in TSC cycles. Bucket b of values below 32 is the value; above, each power of two has 32 buckets.
struct vnfkit_latency {
    uint64_t count;
    uint64_t minimum;
    uint64_t maximum;
    uint64_t sum;
    uint64_t reset;               // Java raises it, the sink follows and starts anew
    uint64_t follows;
    uint64_t padding[2];
    uint64_t buckets[VNFKIT_HISTOGRAM_BUCKETS];
} __attribute__((aligned(VNFKIT_CACHE_LINE)));
_Static_assert(sizeof(struct vnfkit_latency) == 64 + 8 * VNFKIT_HISTOGRAM_BUCKETS, "layout");

struct vnfkit_lcore {
    uint32_t lcore;
    int32_t cpu;                  // the lowest of its CPU set
    uint32_t node;                // the first of the machine for CPUs on several nodes
    uint32_t main;
};

struct vnfkit_port_config {
    uint32_t receive_queues;
    uint32_t transmit_queues;
    uint32_t receive_descriptors; // 0: what the driver prefers
    uint32_t transmit_descriptors;
    uint32_t mtu;                 // 0: leave it
    int32_t pool;
    uint32_t promiscuous;
    uint32_t padding;
    uint64_t rss;                 // RTE_ETH_RSS_* of packets spread over the queues; 0: none
};
_Static_assert(sizeof(struct vnfkit_port_config) == 40, "layout");

struct vnfkit_port_info {
    char device[VNFKIT_NAME_SIZE];
    char driver[VNFKIT_NAME_SIZE];
    uint8_t mac[6];
    uint16_t mtu;
    int32_t node;
    uint32_t max_receive_queues;
    uint32_t max_transmit_queues;
    uint32_t max_receive_descriptors;
    uint32_t max_transmit_descriptors;
    uint32_t min_mtu;
    uint32_t max_mtu;
    uint32_t link_up;
    uint32_t link_speed;          // Mbit/s
    uint32_t link_full_duplex;
    uint32_t promiscuous;
    uint64_t receive_offloads;
    uint64_t transmit_offloads;
    uint64_t rss_types;
    uint32_t receive_descriptors; // as configured
    uint32_t transmit_descriptors;
};
_Static_assert(sizeof(struct vnfkit_port_info) == 212 + 4, "layout");

struct vnfkit_port_statistics {
    uint64_t received;
    uint64_t sent;
    uint64_t received_bytes;
    uint64_t sent_bytes;
    uint64_t missed;
    uint64_t receive_errors;
    uint64_t transmit_errors;
    uint64_t no_mbuf;
};

struct vnfkit_extended_statistic {
    char name[VNFKIT_NAME_SIZE];
    uint64_t value;
};

// A change of one prefix. The control side knows all routes; the core holds only what the data path reads. To remove a
// prefix is to give its addresses to the prefix that contains it, or to none (depth 0, next hop VNFKIT_NO_NEXT_HOP).
struct vnfkit_route {
    uint8_t address[16];          // network order; IPv4 in the first four bytes
    uint8_t depth;
    uint8_t remove;
    uint8_t parent_depth;         // removals: depth of the containing prefix
    uint8_t padding;
    uint32_t next_hop;            // additions: the new one; removals: that of the containing prefix
};
_Static_assert(sizeof(struct vnfkit_route) == 24, "layout");

#define VNFKIT_NO_NEXT_HOP 0xffffffffu
#define VNFKIT_MAX_NEXT_HOPS (1u << 22)

// Where a route leads. Written while no route names it; Java waits for vnfkit_synchronize before it uses a slot again.
struct vnfkit_next_hop {
    uint8_t destination[6];
    uint8_t source[6];
    uint16_t output;              // index among the outputs of the task
    uint16_t padding;
    uint32_t tunnel_local;        // BNG upstream, network order
    uint32_t tunnel_remote;
    uint32_t mpls_label;
    uint32_t reserved;
};
_Static_assert(sizeof(struct vnfkit_next_hop) == 32, "layout");

enum vnfkit_channel_side { VNFKIT_CHANNEL_SENDER, VNFKIT_CHANNEL_RECEIVER };

// One side of a packet channel in a shared region. All offsets are from the start of the region.
struct vnfkit_channel_config {
    char name[VNFKIT_NAME_SIZE];  // of mempools
    int32_t descriptor;           // of the region's file; only used while the channel is opened
    uint32_t side;
    uint64_t region_size;
    uint64_t page_size;
    uint64_t first_object;        // packets lie from here on
    uint64_t packets;             // the ring of packets
    uint64_t returned;            // the ring of packets that come back
    uint64_t buffers;
    uint32_t slots;               // of each ring, a power of two
    uint32_t cache_line;          // that the rings are laid out for: 64 or 128
    uint32_t buffer_size;
    uint32_t buffer_count;
    int32_t node;
    uint32_t padding;
};
_Static_assert(sizeof(struct vnfkit_channel_config) == 144, "layout");

struct vnfkit_channel_info {
    uint64_t in_flight;           // sender: sent and not back. Receiver: taken and not given back
    uint64_t lost;                // never given back
    uint64_t damaged;             // 1: the other side breaks the rules, and nothing passes any more
    uint64_t free_buffers;        // sender
};
_Static_assert(sizeof(struct vnfkit_channel_info) == 32, "layout");

struct vnfkit_subscriber {
    uint16_t outer_tag;           // VLAN ids of 12 bits
    uint16_t inner_tag;
    uint32_t gre_key;
    uint8_t mac[6];               // of the subscriber's equipment
    uint16_t output;              // downstream: index among the outputs of the task
    uint32_t remove;
    uint32_t padding[3];
};
_Static_assert(sizeof(struct vnfkit_subscriber) == 32, "layout");

// --- the EAL, once per process ---

VNFKIT_EXPORT uint32_t vnfkit_version(void);
VNFKIT_EXPORT const char *vnfkit_dpdk_version(void);
// Starts the EAL on a thread of its own, which becomes the main lcore. Log lines go to a copy of the
// descriptor, each with its priority in front as <N>: 0 (emergency) to 7 (debug), as sd-daemon(3) has it.
VNFKIT_EXPORT int vnfkit_eal_start(int argc, char **argv, int log_descriptor);
// -EBUSY while a task runs.
VNFKIT_EXPORT int vnfkit_eal_stop(void);
VNFKIT_EXPORT int vnfkit_log_level(const char *pattern, uint32_t level);
VNFKIT_EXPORT int vnfkit_lcores(struct vnfkit_lcore *lcores, uint32_t capacity);
VNFKIT_EXPORT uint64_t vnfkit_tsc_hertz(void);
// Bytes of a node's heap: free now, and all that it has. Grows on demand unless limited.
VNFKIT_EXPORT int vnfkit_heap(int node, uint64_t *free_bytes, uint64_t *total_bytes);

// --- memory ---

VNFKIT_EXPORT int vnfkit_pool_create(const char *name, uint32_t mbufs, uint32_t cache, uint32_t data_room, int node);
VNFKIT_EXPORT int vnfkit_pool_free(int pool);
// Gives the handle up, and frees the pool when all of its mbufs are back: at once, or with the next pool that is made or
// freed. Returns how many are out.
VNFKIT_EXPORT int64_t vnfkit_pool_retire(int pool);
VNFKIT_EXPORT int64_t vnfkit_pool_available(int pool);
VNFKIT_EXPORT int vnfkit_ring_create(const char *name, uint32_t size, int node, int one_producer, int one_consumer);
VNFKIT_EXPORT int vnfkit_ring_free(int ring);
VNFKIT_EXPORT int64_t vnfkit_ring_count(int ring);
// Puts so many blank packets of a length into a ring: a load without a source.
VNFKIT_EXPORT int vnfkit_ring_fill(int ring, int pool, uint32_t count, const uint8_t *frame, uint32_t length);
VNFKIT_EXPORT int64_t vnfkit_ring_drain(int ring);

// --- channels ---

// Becomes one side of a channel: the caller has made sure that nobody else is, and that no packet is on its way. -EILSEQ
// if the rings in memory are others than described, -EBUSY if packets are on their way.
VNFKIT_EXPORT int vnfkit_channel_open(const struct vnfkit_channel_config *config);
// No task and no port may have it any more. Packets that the other side still holds are waited for, but not for long.
// 1 if a driver still has packets of it: the side is not to be given up, since their memory is still written or read.
VNFKIT_EXPORT int vnfkit_channel_close(int channel);
// Takes back all packets after the receiver has ended; both rings begin anew. -EBUSY if a task runs with it; no new
// receiver may come before it returns. Returns how many packets were on their way.
VNFKIT_EXPORT int64_t vnfkit_channel_restart(int channel);
// A mempool of a sender's buffers: what lies in its mbufs is sent without a copy. Goes with the channel.
VNFKIT_EXPORT int vnfkit_channel_pool(int channel);
VNFKIT_EXPORT int vnfkit_channel_info(int channel, struct vnfkit_channel_info *info);

// --- ports ---

VNFKIT_EXPORT int vnfkit_device_plug(const char *name, const char *arguments);
VNFKIT_EXPORT int vnfkit_device_unplug(const char *name);
VNFKIT_EXPORT int vnfkit_port_find(const char *device);
VNFKIT_EXPORT int vnfkit_port_configure(int port, const struct vnfkit_port_config *config);
VNFKIT_EXPORT int vnfkit_port_start(int port);
// No lcore may have it any more. What waits in its receive queues is freed.
VNFKIT_EXPORT int vnfkit_port_stop(int port);
// Takes the queues of a stopped port away, with the mbufs that its driver holds for them. It can be configured again.
VNFKIT_EXPORT int vnfkit_port_release(int port);
VNFKIT_EXPORT int vnfkit_port_close(int port);
VNFKIT_EXPORT int vnfkit_port_info(int port, struct vnfkit_port_info *info);
VNFKIT_EXPORT int vnfkit_port_set_mac(int port, const uint8_t *mac);
VNFKIT_EXPORT int vnfkit_port_set_promiscuous(int port, int on);
VNFKIT_EXPORT int vnfkit_port_statistics(int port, struct vnfkit_port_statistics *statistics);
VNFKIT_EXPORT int vnfkit_port_extended(int port, struct vnfkit_extended_statistic *values, uint32_t capacity);
VNFKIT_EXPORT int vnfkit_port_reset_statistics(int port);

// --- tables ---

VNFKIT_EXPORT int vnfkit_routes_create(uint32_t address_bytes, uint32_t groups, int node);
// Applies changes in their order and stops at the first that fails; *done is how many were applied.
VNFKIT_EXPORT int vnfkit_routes_apply(int routes, const struct vnfkit_route *changes, uint32_t count, uint32_t *done);
VNFKIT_EXPORT int vnfkit_routes_free(int routes);
VNFKIT_EXPORT int vnfkit_next_hops_create(uint32_t capacity, int node);
VNFKIT_EXPORT int vnfkit_next_hops_set(int next_hops, uint32_t slot, const struct vnfkit_next_hop *next_hop);
VNFKIT_EXPORT int vnfkit_next_hops_free(int next_hops);
VNFKIT_EXPORT int vnfkit_subscribers_create(uint32_t capacity, int node);
VNFKIT_EXPORT int vnfkit_subscribers_apply(
    int subscribers, const struct vnfkit_subscriber *changes, uint32_t count, uint32_t *done);
VNFKIT_EXPORT int64_t vnfkit_subscribers_count(int subscribers);
VNFKIT_EXPORT int vnfkit_subscribers_free(int subscribers);
// Returns when every lcore has finished the burst that it was in: what was taken out of a table is read by nobody.
VNFKIT_EXPORT int vnfkit_synchronize(void);

// --- tasks ---

VNFKIT_EXPORT int vnfkit_task_create(const struct vnfkit_task_config *config);
VNFKIT_EXPORT int vnfkit_task_free(int task);
VNFKIT_EXPORT int vnfkit_task_start(int task, uint32_t lcore);
// Returns when the lcore has left the task and its unsent packets are freed.
VNFKIT_EXPORT int vnfkit_task_stop(int task);
VNFKIT_EXPORT int vnfkit_generator_rate(int task, uint32_t unit, uint64_t rate);
VNFKIT_EXPORT int vnfkit_lcore_watch(uint32_t lcore, struct vnfkit_lcore_statistics *statistics, int measure_gaps);

#endif
