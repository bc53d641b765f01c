// SPDX-License-Identifier: Apache-2.0
// l3fwd in three passes over a burst, so that the loads of different packets overlap: checks and the first table level,
// the further levels and the next hop, changes and output.
#include "io.h"
#include "l3.h"

struct lookup {
    const uint8_t *destination;
    uint32_t entry;
    int32_t verdict;              // or VERDICT_FORWARD
    enum l3_family family;
};

// Copies of what a burst needs of its task. They stay in registers, which the task's fields could not: for the compiler,
// any packet that is written might be the task.
struct view {
    struct route_table *ipv4_routes;
    struct route_table *ipv6_routes;
    const struct vnfkit_next_hop *hops;
    struct output *outputs;
    uint32_t hop_count;
    uint32_t output_count;
    int verify_checksum;
    struct station station;
};

static inline void begin(const struct view *view, struct rte_mbuf *packet, struct lookup *lookup)
{
    const void *data = rte_pktmbuf_mtod(packet, const void *);
    const struct route_table *routes;

    if (unlikely(l3_is_for_another(packet, data, view->station.address, view->station.mask))) {
        lookup->verdict = VNFKIT_DROP_OTHER_HOST;
        return;
    }
    lookup->verdict = l3_check(packet, data, view->verify_checksum, &lookup->family);
    if (unlikely(lookup->verdict != VERDICT_FORWARD))
        return;
    routes = lookup->family == L3_IPV4 ? view->ipv4_routes : view->ipv6_routes;
    if (unlikely(routes == NULL)) {
        lookup->verdict = VNFKIT_DROP_ETHERTYPE;
        return;
    }
    lookup->destination = l3_destination(data, lookup->family);
    lookup->entry = route_load(&routes->first[(uint32_t)lookup->destination[0] << 8 | lookup->destination[1]]);
    if (lookup->entry & ROUTE_EXTENDED)
        rte_prefetch0(route_group_entry(routes, lookup->entry, lookup->destination[2]));
}

static inline const struct vnfkit_next_hop *finish(const struct view *view, struct lookup *lookup)
{
    const struct route_table *routes = lookup->family == L3_IPV4 ? view->ipv4_routes : view->ipv6_routes;
    uint32_t entry = lookup->entry;
    uint32_t next_hop;

    for (uint32_t at = 2; (entry & ROUTE_EXTENDED) && at < routes->address_bytes; at++)
        entry = route_load(route_group_entry(routes, entry, lookup->destination[at]));
    next_hop = route_next_hop(routes, entry);
    if (unlikely(next_hop >= view->hop_count)) {
        lookup->verdict = VNFKIT_DROP_NO_ROUTE;
        return NULL;
    }
    return &view->hops[next_hop];
}

static inline int send_on(struct task *task, const struct view *view, struct rte_mbuf *packet,
    const struct lookup *lookup, const struct vnfkit_next_hop *hop)
{
    void *data = rte_pktmbuf_mtod(packet, void *);
    uint32_t length = l3_network_length(data, lookup->family);
    struct output *output;
    int verdict = packet_require_own(packet);

    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    if (unlikely(hop->output >= view->output_count))
        return VNFKIT_DROP_NO_ROUTE;
    output = &view->outputs[hop->output];
    if (unlikely(output->mtu != 0 && length > output->mtu))
        return VNFKIT_DROP_TOO_BIG;
    verdict = l3_trim(packet, length);
    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    l3_rewrite(data, lookup->family, hop);
    send_later(task, output, packet);
    return VERDICT_FORWARD;
}

static void forward(
    struct task *task, const struct input *input, struct rte_mbuf **packets, uint16_t packet_count)
{
    const struct view view = { task->ipv4_routes, task->ipv6_routes, task->next_hops->hops, task->outputs,
        task->next_hops->capacity, task->output_count, task->config.l3fwd.verify_checksum != 0,
        { __atomic_load_n(&input->station.address, __ATOMIC_RELAXED),
            __atomic_load_n(&input->station.mask, __ATOMIC_RELAXED) } };
    struct lookup lookups[VNFKIT_MAX_BURST];
    const struct vnfkit_next_hop *hops[VNFKIT_MAX_BURST];
    uint64_t bytes = 0;

    prefetch_first(packets, packet_count);
    for (uint16_t i = 0; i < packet_count; i++) {
        prefetch_data(packets, (uint16_t)(i + PREFETCH_AHEAD), packet_count);
        bytes += packets[i]->pkt_len;
        begin(&view, packets[i], &lookups[i]);
    }
    for (uint16_t i = 0; i < packet_count; i++) {
        if (unlikely(lookups[i].verdict != VERDICT_FORWARD))
            continue;
        hops[i] = finish(&view, &lookups[i]);
        rte_prefetch0(hops[i]);
    }
    for (uint16_t i = 0; i < packet_count; i++) {
        int verdict = lookups[i].verdict;

        if (likely(verdict == VERDICT_FORWARD))
            verdict = send_on(task, &view, packets[i], &lookups[i], hops[i]);
        if (unlikely(verdict != VERDICT_FORWARD))
            drop(task, packets[i], verdict);
    }
    count(&task->statistics->received_bytes, bytes);
}

void l3fwd_step(struct task *task)
{
    struct rte_mbuf *packets[VNFKIT_MAX_BURST];

    for (uint32_t i = 0; i < task->input_count; i++) {
        uint16_t received = receive(task, &task->inputs[i], packets);

        if (received > 0)
            forward(task, &task->inputs[i], packets, received);
    }
    flush_all(task);
}
