// SPDX-License-Identifier: Apache-2.0
#include "io.h"
#include "l2.h"

struct progress {
    uint64_t bytes;
    uint16_t kept;
};

static inline void rewrite_one(struct task *task, struct rte_mbuf **packets, struct rte_mbuf *packet,
    const struct l2_rewrite *rules, struct progress *progress)
{
    int verdict;

    progress->bytes += packet->pkt_len;
    verdict = l2_rewrite(packet, rules);
    if (likely(verdict == VERDICT_FORWARD))
        packets[progress->kept++] = packet;
    else
        drop(task, packet, verdict);
}

static inline void rewrite(struct task *task, struct output *output, struct rte_mbuf **packets, uint16_t packet_count,
    const struct l2_rewrite *rules)
{
    struct progress progress = { 0, 0 };
    uint16_t i = 0;

    prefetch_first(packets, packet_count);
    // Two loops, so that the long one need not ask whether there is something to prefetch.
    for (; i + PREFETCH_AHEAD < packet_count; i++) {
        rte_prefetch0(rte_pktmbuf_mtod(packets[i + PREFETCH_AHEAD], void *));
        rewrite_one(task, packets, packets[i], rules, &progress);
    }
    for (; i < packet_count; i++)
        rewrite_one(task, packets, packets[i], rules, &progress);
    count(&task->statistics->received_bytes, progress.bytes);
    if (progress.kept > 0)
        transmit(task, output, packets, progress.kept);
}

void l2fwd_step(struct task *task)
{
    // On the stack: the compiler knows that no packet overwrites it.
    const struct l2_rewrite rules = l2_prepare(&task->config.l2fwd);
    struct rte_mbuf *packets[VNFKIT_MAX_BURST];

    for (uint32_t i = 0; i < task->input_count; i++) {
        uint16_t received = receive(task, &task->inputs[i], packets);

        if (received > 0)
            rewrite(task, &task->outputs[task->output_count == 1 ? 0 : i], packets, received, &rules);
    }
}
