// SPDX-License-Identifier: Apache-2.0
// A task: what it reads from, what it does with a burst, what it writes to. One lcore runs it at a time.
#ifndef VNFKIT_TASK_H
#define VNFKIT_TASK_H

#include "forwarder.h"
#include "l2.h"
#include "table.h"

#include <rte_common.h>
#include <rte_mbuf.h>

struct rte_ring;
struct task;
struct channel_receiver;
struct channel_sender;

// A MAC address, compared with the first eight bytes of a frame under a mask. A mask of 0: that of any frame.
struct station {
    uint64_t address;
    uint64_t mask;
};

struct input {
    struct rte_ring *ring;        // null: a port, or a channel
    struct channel_receiver *receiver;
    uint16_t (*receive)(struct channel_receiver *receiver, struct task *task, struct rte_mbuf **packets);
    uint16_t port;
    uint16_t queue;
    struct station station;       // whom frames must be sent to; changes with the port's address
};

struct output {
    struct rte_ring *ring;
    struct channel_sender *sender;
    // Sends or drops, and counts, as transmit of io.h does for a port.
    void (*send)(struct channel_sender *sender, struct task *task, struct rte_mbuf **packets, uint16_t packet_count);
    uint16_t port;
    uint16_t queue;
    uint32_t count;               // of the packets that wait, below the burst between two bursts
    uint32_t mtu;
    uint8_t mac[6];
    struct rte_mbuf *pending[2 * VNFKIT_MAX_BURST];
} __rte_cache_aligned;

// State of a generator and of a sink, which the other functions do not have.
struct generator;
struct sink;

struct task {
    // One poll: takes at most a burst from each input, and leaves nothing pending.
    void (*step)(struct task *task);
    void (*function)(struct task *task);  // what step does besides looking after channels
    struct vnfkit_task_statistics *statistics;
    uint32_t burst;
    uint32_t input_count;
    uint32_t output_count;
    uint32_t transmit_tries;
    uint32_t shortest_mtu;        // of the outputs; INT32_MAX if none has any
    struct route_table *ipv4_routes;
    struct route_table *ipv6_routes;
    struct next_hops *next_hops;
    struct subscribers *subscribers;
    struct l2_rewrite rewrite;    // of l2fwd
    struct generator *generator;
    struct sink *sink;
    struct vnfkit_task_config config;
    struct input inputs[VNFKIT_MAX_ENDPOINTS];
    struct output outputs[VNFKIT_MAX_ENDPOINTS];
    int32_t lcore;                // -1: not started
} __rte_cache_aligned;

void none_step(struct task *task);
void l2fwd_step(struct task *task);
void l3fwd_step(struct task *task);
void bng_upstream_step(struct task *task);
void bng_downstream_step(struct task *task);
void balancer_step(struct task *task);
void generator_step(struct task *task);
void sink_step(struct task *task);

// Tells all tasks of a port that it has another address.
void task_set_mac(uint16_t port, const uint8_t *mac);

int generator_create(struct task *task);
void generator_free(struct task *task);
int generator_set_rate(struct task *task, uint32_t unit, uint64_t rate);
int sink_create(struct task *task);
void sink_free(struct task *task);

#endif
