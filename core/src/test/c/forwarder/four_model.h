// SPDX-License-Identifier: Apache-2.0
// Holds l3fwd on four packets at once against l3fwd on one: what is taken, and what becomes of it.
#ifndef VNFKIT_FOUR_MODEL_H
#define VNFKIT_FOUR_MODEL_H

#include "buffer.h"
#include "frame.h"
#include "l3_four.h"

#define FOUR_MODEL_NEIGHBOUR_LENGTH 40u

// A packet among plain ones.
struct four_model {
    struct rte_mbuf *packets[FOUR];
    uint32_t place;
};

static inline struct four_model four_model_create(struct rte_mbuf *packet, uint32_t place)
{
    static struct frame neighbour;
    struct four_model model = { .place = place };

    frame_routed_ipv4(&neighbour, FOUR_MODEL_NEIGHBOUR_LENGTH - IPV4_SIZE, 0);
    for (uint32_t i = 0; i < FOUR; i++)
        model.packets[i] = i == place ? packet : buffer_whole(neighbour.bytes, neighbour.length, 0);
    return model;
}

static inline void four_model_free(struct four_model *model)
{
    for (uint32_t i = 0; i < FOUR; i++)
        buffer_free(model->packets[i]);
}

// Whether the four are taken, and are changed then.
static inline int four_model_forward(
    struct four_model *model, const struct l3_rules *rules, const struct vnfkit_next_hop *hop)
{
    const struct vnfkit_next_hop *const hops[FOUR] = { hop, hop, hop, hop };
    struct l3_four four;
    lanes32 lengths;

    if (!four_are_plain(model->packets, ETHERNET_SIZE + IPV4_SIZE)
            || !l3_four_check(model->packets, rules, &four, &lengths))
        return 0;
    for (uint32_t i = 0; i < FOUR; i++)
        if (lengths[i] != model->packets[i]->pkt_len)
            return -1;
    l3_four_rewrite(&four, hops);
    return 1;
}

// What of the packets that are forwarded is left to single ones: other headers, what has to be cut, what other outputs
// could not send, and buffers that need another look.
static inline int four_model_takes(const struct rte_mbuf *m, int verdict, uint32_t mtu)
{
    const uint8_t *data = rte_pktmbuf_mtod(m, const uint8_t *);

    if (verdict != VERDICT_FORWARD || m->data_len < 34 || (m->ol_flags & RTE_MBUF_F_EXTERNAL))
        return 0;
    return read16(data + 12) == 0x0800 && data[14] == 0x45 && read16(data + 16) <= mtu
        && m->pkt_len <= RTE_MAX(14 + read16(data + 16), 60u);
}

#endif
