// SPDX-License-Identifier: Apache-2.0
#include "bng.h"
#include "io.h"

struct session {
    const uint8_t *destination;
    const struct vnfkit_subscriber *subscriber;
    uint32_t key;
    uint32_t inner_offset;
    int32_t verdict;
};

static inline void find_subscriber(
    const struct subscribers *table, const struct key_map *map, struct session *session)
{
    uint32_t record = key_map_get(map, session->key);

    if (unlikely(record >= table->capacity)) {
        session->verdict = VNFKIT_DROP_NO_SUBSCRIBER;
        return;
    }
    session->subscriber = &table->records[record];
    rte_prefetch0(session->subscriber);
}

static inline int send_upstream(struct task *task, struct rte_mbuf *packet, const struct session *session)
{
    uint32_t next_hop = route_table_lookup(task->ipv4_routes, session->destination);
    const struct vnfkit_next_hop *hop;
    struct output *output;
    int verdict;

    if (unlikely(next_hop >= task->next_hops->capacity))
        return VNFKIT_DROP_NO_ROUTE;
    hop = &task->next_hops->hops[next_hop];
    if (unlikely(hop->output >= task->output_count))
        return VNFKIT_DROP_NO_ROUTE;
    output = &task->outputs[hop->output];
    verdict = bng_encapsulate(packet, session->subscriber, hop, task->config.bng.mpls != 0, output->mtu);
    if (likely(verdict == VERDICT_FORWARD))
        send_later(task, output, packet);
    return verdict;
}

static inline int send_downstream(struct task *task, struct rte_mbuf *packet, const struct session *session)
{
    struct output *output;
    int verdict;

    if (unlikely(session->subscriber->output >= task->output_count))
        return VNFKIT_DROP_NO_SUBSCRIBER;
    output = &task->outputs[session->subscriber->output];
    verdict = bng_decapsulate(packet, session->subscriber, session->inner_offset,
        (uint16_t)task->config.bng.outer_ethertype, output->mac, output->mtu);
    if (likely(verdict == VERDICT_FORWARD))
        send_later(task, output, packet);
    return verdict;
}

static inline int check(struct task *task, struct rte_mbuf *packet, int upstream, struct session *session)
{
    const void *data = rte_pktmbuf_mtod(packet, const void *);
    const struct vnfkit_bng_config *config = &task->config.bng;

    if (upstream)
        return bng_upstream_check(packet, data, 1, &session->key, &session->destination);
    return bng_downstream_check(packet, data, config, 1, &session->key, &session->inner_offset);
}

// In three passes like l3fwd: the keys, the subscribers, the rest.
static inline void forward(struct task *task, struct rte_mbuf **packets, uint16_t packet_count, int upstream)
{
    const struct subscribers *table = task->subscribers;
    const struct key_map *map = upstream ? &table->by_tags : &table->by_gre_key;
    struct session sessions[VNFKIT_MAX_BURST];
    uint64_t bytes = 0;

    prefetch_first(packets, packet_count);
    for (uint16_t i = 0; i < packet_count; i++) {
        prefetch_data(packets, (uint16_t)(i + PREFETCH_AHEAD), packet_count);
        bytes += packets[i]->pkt_len;
        sessions[i].verdict = check(task, packets[i], upstream, &sessions[i]);
        if (likely(sessions[i].verdict == VERDICT_FORWARD))
            rte_prefetch0(key_map_line(map, sessions[i].key));
    }
    for (uint16_t i = 0; i < packet_count; i++)
        if (likely(sessions[i].verdict == VERDICT_FORWARD))
            find_subscriber(table, map, &sessions[i]);
    for (uint16_t i = 0; i < packet_count; i++) {
        int verdict = sessions[i].verdict;

        if (likely(verdict == VERDICT_FORWARD))
            verdict = upstream ? send_upstream(task, packets[i], &sessions[i])
                               : send_downstream(task, packets[i], &sessions[i]);
        if (unlikely(verdict != VERDICT_FORWARD))
            drop(task, packets[i], verdict);
    }
    count(&task->statistics->received_bytes, bytes);
}

static inline void step(struct task *task, int upstream)
{
    struct rte_mbuf *packets[VNFKIT_MAX_BURST];

    count_polls(task);
    for (uint32_t i = 0; i < task->input_count; i++) {
        uint16_t received = receive(task, &task->inputs[i], packets);

        if (received > 0)
            forward(task, packets, received, upstream);
    }
    flush_all(task);
}

void bng_upstream_step(struct task *task)
{
    step(task, 1);
}

void bng_downstream_step(struct task *task)
{
    step(task, 0);
}
