// SPDX-License-Identifier: Apache-2.0
// l3fwd in three passes over a burst, so that the loads of different packets overlap: checks and the first table level,
// the further levels and the next hop, changes and output.
//
// Each pass takes four packets at once as long as they are what nearly every packet is. Where a pass finds that one of
// them is not, all four go the way of single packets, which knows what else there is, and why a packet is dropped.
#include "io.h"
#include "l3_four.h"

struct lookup {
    const uint8_t *destination;
    uint32_t entry;
    int32_t verdict;              // or VERDICT_FORWARD
    enum l3_family family;
};

// Copies of what a burst needs of its task. They stay in registers, which the task's fields could not: for the
// compiler, any packet that is written might be the task.
struct view {
    const struct route_table *ipv4_routes;
    const struct route_table *ipv6_routes;
    const struct vnfkit_next_hop *hops;
    struct output *outputs;
    uint32_t hop_count;
    uint32_t output_count;
    int verify_checksum;
    struct station station;
    // Of the IPv4 table, for packets in fours.
    const uint32_t *first;
    const uint32_t *groups;
    struct l3_rules rules;
};

// What the passes tell each other of a burst.
struct progress {
    size_t in_fours;              // so many packets from the first on, a multiple of four
    struct l3_four fours[VNFKIT_MAX_BURST / FOUR];
    uint8_t is_plain[VNFKIT_MAX_BURST / FOUR];
    struct lookup lookups[VNFKIT_MAX_BURST];
    const struct vnfkit_next_hop *hops[VNFKIT_MAX_BURST];
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
    lookup->entry = route_load(route_first_entry(routes->first, lookup->destination));
    if (lookup->entry & ROUTE_EXTENDED)
        rte_prefetch0(route_group_entry(routes->groups, lookup->entry, lookup->destination[2]));
}

static inline const struct vnfkit_next_hop *finish(const struct view *view, struct lookup *lookup)
{
    const struct route_table *routes = lookup->family == L3_IPV4 ? view->ipv4_routes : view->ipv6_routes;
    uint32_t next_hop =
        route_next_hop(routes, route_table_descend(routes, lookup->entry, lookup->destination));

    if (unlikely(next_hop >= view->hop_count)) {
        lookup->verdict = VNFKIT_DROP_NO_ROUTE;
        return NULL;
    }
    return &view->hops[next_hop];
}

// Leaves the packet with its output, which flush_full looks after.
static inline int send_on(
    const struct view *view, struct rte_mbuf *packet, const struct lookup *lookup, const struct vnfkit_next_hop *hop)
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
    queue(output, packet);
    return VERDICT_FORWARD;
}

static inline void begin_each(
    const struct view *view, struct rte_mbuf *const *packets, struct lookup *lookups, size_t packet_count)
{
    for (size_t i = 0; i < packet_count; i++)
        begin(view, packets[i], &lookups[i]);
}

static inline void finish_each(
    const struct view *view, struct lookup *lookups, const struct vnfkit_next_hop **hops, size_t packet_count)
{
    for (size_t i = 0; i < packet_count; i++) {
        if (unlikely(lookups[i].verdict != VERDICT_FORWARD))
            continue;
        hops[i] = finish(view, &lookups[i]);
        rte_prefetch0(hops[i]);
    }
}

static inline void send_each(struct task *task, const struct view *view, struct rte_mbuf *const *packets,
    const struct lookup *lookups, const struct vnfkit_next_hop *const *hops, size_t packet_count)
{
    for (size_t i = 0; i < packet_count; i++) {
        int verdict = lookups[i].verdict;

        if (likely(verdict == VERDICT_FORWARD))
            verdict = send_on(view, packets[i], &lookups[i], hops[i]);
        if (unlikely(verdict != VERDICT_FORWARD))
            drop(task, packets[i], verdict);
    }
}

static inline int begin_four(
    const struct view *view, struct rte_mbuf *const *packets, struct l3_four *four, lanes32 *bytes)
{
    lanes32 lengths;

    if (unlikely(!four_are_plain(packets, ETHERNET_SIZE + IPV4_SIZE))
            || unlikely(!l3_four_check(packets, &view->rules, four, &lengths)))
        return 0;
    // What passed the check is shorter than 2^17 bytes: a lane has room for a burst of them.
    *bytes += lengths;
    l3_four_begin_lookup(four, view->first, view->groups);
    return 1;
}

static inline int finish_four(const struct view *view, const struct l3_four *four, const struct vnfkit_next_hop **hops)
{
    uint32_t entries[FOUR];
    uint32_t valid = ROUTE_VALID;

    l3_four_finish_lookup(four, view->ipv4_routes, entries);
    for (uint32_t i = 0; i < FOUR; i++) {
        uint32_t hop = entries[i] & ROUTE_VALUE;

        // Bit 31 of the difference, too, is set for a valid one.
        valid &= entries[i] & (hop - view->hop_count);
        hops[i] = &view->hops[hop];
        rte_prefetch0(hops[i]);
    }
    return valid != 0;
}

static inline int send_four(const struct view *view, struct rte_mbuf *const *packets, const struct l3_four *four,
    const struct vnfkit_next_hop *const *hops)
{
    uint32_t outputs[FOUR];
    uint32_t valid = 1u << 31;

    for (uint32_t i = 0; i < FOUR; i++) {
        outputs[i] = hops[i]->output;
        valid &= outputs[i] - view->output_count;
    }
    if (unlikely(!valid))
        return 0;
    l3_four_rewrite(four, hops);
    for (uint32_t i = 0; i < FOUR; i++)
        queue(&view->outputs[outputs[i]], packets[i]);
    return 1;
}

static inline uint64_t begin_all(
    const struct view *view, struct rte_mbuf *const *packets, size_t packet_count, struct progress *progress)
{
    lanes32 lengths = { 0 };
    uint64_t bytes = 0;
    size_t i = 0;

    for (; i < progress->in_fours; i += FOUR) {
        prefetch_next(packets, i, packet_count);
        progress->is_plain[i / FOUR] = (uint8_t)begin_four(view, &packets[i], &progress->fours[i / FOUR], &lengths);
        if (unlikely(!progress->is_plain[i / FOUR])) {
            bytes += bytes_of(&packets[i], FOUR);
            begin_each(view, &packets[i], &progress->lookups[i], FOUR);
        }
    }
    begin_each(view, &packets[i], &progress->lookups[i], packet_count - i);
    for (uint32_t lane = 0; lane < FOUR; lane++)
        bytes += lengths[lane];
    return bytes + bytes_of(&packets[i], packet_count - i);
}

static inline void finish_all(
    const struct view *view, struct rte_mbuf *const *packets, size_t packet_count, struct progress *progress)
{
    size_t i = 0;

    for (; i < progress->in_fours; i += FOUR) {
        if (likely(progress->is_plain[i / FOUR])) {
            if (likely(finish_four(view, &progress->fours[i / FOUR], &progress->hops[i])))
                continue;
            progress->is_plain[i / FOUR] = 0;
            begin_each(view, &packets[i], &progress->lookups[i], FOUR);
        }
        finish_each(view, &progress->lookups[i], &progress->hops[i], FOUR);
    }
    finish_each(view, &progress->lookups[i], &progress->hops[i], packet_count - i);
}

static inline void send_all(struct task *task, const struct view *view, struct rte_mbuf *const *packets,
    size_t packet_count, struct progress *progress)
{
    size_t i = 0;

    for (; i < progress->in_fours; i += FOUR) {
        if (likely(progress->is_plain[i / FOUR])) {
            if (likely(send_four(view, &packets[i], &progress->fours[i / FOUR], &progress->hops[i])))
                continue;
            begin_each(view, &packets[i], &progress->lookups[i], FOUR);
            finish_each(view, &progress->lookups[i], &progress->hops[i], FOUR);
        }
        send_each(task, view, &packets[i], &progress->lookups[i], &progress->hops[i], FOUR);
    }
    send_each(task, view, &packets[i], &progress->lookups[i], &progress->hops[i], packet_count - i);
}

static void forward(
    struct task *task, const struct input *input, struct rte_mbuf *const *packets, size_t packet_count)
{
    const struct station station = { __atomic_load_n(&input->station.address, __ATOMIC_RELAXED),
        __atomic_load_n(&input->station.mask, __ATOMIC_RELAXED) };
    const struct route_table *routes = task->ipv4_routes;
    const int verify_checksum = task->config.l3fwd.verify_checksum != 0;
    const struct view view = { routes, task->ipv6_routes, task->next_hops->hops, task->outputs,
        task->next_hops->capacity, task->output_count, verify_checksum, station,
        routes != NULL ? routes->first : NULL, routes != NULL ? routes->groups : NULL,
        l3_rules(station.address, station.mask, task->shortest_mtu, verify_checksum) };
    struct progress progress;

    progress.in_fours = L3_FOUR_IS_POSSIBLE && routes != NULL ? packet_count & ~(size_t)(FOUR - 1) : 0;
    prefetch_first(packets, (uint16_t)packet_count);
    count(&task->statistics->received_bytes, begin_all(&view, packets, packet_count, &progress));
    finish_all(&view, packets, packet_count, &progress);
    send_all(task, &view, packets, packet_count, &progress);
    flush_full(task);
}

void l3fwd_step(struct task *task)
{
    struct rte_mbuf *packets[VNFKIT_MAX_BURST];

    count_polls(task);
    for (uint32_t i = 0; i < task->input_count; i++) {
        uint16_t received = receive(task, &task->inputs[i], packets);

        if (received > 0)
            forward(task, &task->inputs[i], packets, received);
    }
    flush_all(task);
}
