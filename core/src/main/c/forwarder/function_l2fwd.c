// SPDX-License-Identifier: Apache-2.0
#include "io.h"
#include "l2.h"

static inline void rewrite(struct task *task, struct output *output, struct rte_mbuf **packets, uint16_t packet_count,
    const struct vnfkit_l2fwd_config *config)
{
    uint64_t bytes = 0;
    uint16_t kept = 0;

    prefetch_first(packets, packet_count);
    for (uint16_t i = 0; i < packet_count; i++) {
        struct rte_mbuf *packet = packets[i];
        int verdict;

        prefetch_data(packets, (uint16_t)(i + PREFETCH_AHEAD), packet_count);
        bytes += packet->pkt_len;
        verdict = l2_forward(packet, config);
        if (likely(verdict == VERDICT_FORWARD))
            packets[kept++] = packet;
        else
            drop(task, packet, verdict);
    }
    count(&task->statistics->received_bytes, bytes);
    if (kept > 0)
        transmit(task, output, packets, kept);
}

void l2fwd_step(struct task *task)
{
    // A copy on the stack: the compiler knows that no packet overwrites it.
    const struct vnfkit_l2fwd_config config = task->config.l2fwd;
    struct rte_mbuf *packets[VNFKIT_MAX_BURST];

    for (uint32_t i = 0; i < task->input_count; i++) {
        uint16_t received = receive(task, &task->inputs[i], packets);

        if (received > 0)
            rewrite(task, &task->outputs[task->output_count == 1 ? 0 : i], packets, received, &config);
    }
}
