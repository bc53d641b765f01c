// SPDX-License-Identifier: Apache-2.0
#include "balance.h"
#include "io.h"

static void spread(struct task *task, struct rte_mbuf **packets, uint16_t packet_count)
{
    uint32_t key = task->config.balancer.key;
    uint64_t bytes = 0;

    prefetch_first(packets, packet_count);
    for (uint16_t i = 0; i < packet_count; i++) {
        struct rte_mbuf *packet = packets[i];
        uint32_t hash;
        int verdict;

        prefetch_data(packets, (uint16_t)(i + PREFETCH_AHEAD), packet_count);
        bytes += packet->pkt_len;
        verdict = balance_hash(packet, rte_pktmbuf_mtod(packet, const uint8_t *), key, &hash);
        if (likely(verdict == VERDICT_FORWARD))
            send_later(task, &task->outputs[balance_choose(hash, task->output_count)], packet);
        else
            drop(task, packet, verdict);
    }
    count(&task->statistics->received_bytes, bytes);
}

void balancer_step(struct task *task)
{
    struct rte_mbuf *packets[VNFKIT_MAX_BURST];

    count_polls(task);
    for (uint32_t i = 0; i < task->input_count; i++) {
        uint16_t received = receive(task, &task->inputs[i], packets);

        if (received > 0)
            spread(task, packets, received);
    }
    flush_all(task);
}
