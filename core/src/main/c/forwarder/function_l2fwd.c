// SPDX-License-Identifier: Apache-2.0
#include "io.h"

// Moves those that go on to the front, behind those kept so far. Returns how many are kept now.
static inline size_t rewrite_each(struct task *task, struct rte_mbuf **packets, size_t from, size_t end, size_t kept,
    const struct l2_rewrite *rules)
{
    for (size_t i = from; i < end; i++) {
        struct rte_mbuf *packet = packets[i];
        int verdict = l2_rewrite(packet, rules);

        if (likely(verdict == VERDICT_FORWARD))
            packets[kept++] = packet;
        else
            drop(task, packet, verdict);
    }
    return kept;
}

static inline void rewrite(struct task *task, struct output *output, struct rte_mbuf **packets, size_t packet_count,
    const struct l2_rewrite *rules)
{
    uint64_t bytes = 0;
    size_t kept = 0;
    size_t i = 0;

    prefetch_first(packets, (uint16_t)packet_count);
    for (; i + FOUR <= packet_count; i += FOUR) {
        prefetch_next(packets, i, packet_count);
        bytes += bytes_of(&packets[i], FOUR);
        if (unlikely(!four_are_plain(&packets[i], L2_WIDTH))) {
            kept = rewrite_each(task, packets, i, i + FOUR, kept, rules);
            continue;
        }
        for (size_t k = i; k < i + FOUR; k++)
            l2_apply(packet_at(packets[k], 0), rules);
        if (unlikely(kept != i))
            memmove(&packets[kept], &packets[i], FOUR * sizeof packets[0]);
        kept += FOUR;
    }
    bytes += bytes_of(&packets[i], packet_count - i);
    kept = rewrite_each(task, packets, i, packet_count, kept, rules);
    count(&task->statistics->received_bytes, bytes);
    if (kept > 0)
        transmit(task, output, packets, (uint16_t)kept);
}

void l2fwd_step(struct task *task)
{
    // On the stack: the compiler knows that no packet overwrites it.
    const struct l2_rewrite rules = task->rewrite;
    struct rte_mbuf *packets[VNFKIT_MAX_BURST];
    const struct input *input = task->inputs;
    const struct input *end = input + task->input_count;
    struct output *output = task->outputs;
    const size_t stride = task->output_count > 1;

    count_polls(task);
    for (; input < end; input++, output += stride) {
        uint16_t received = receive(task, input, packets);

        if (likely(received > 0))
            rewrite(task, output, packets, received, &rules);
    }
}
