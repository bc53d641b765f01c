// SPDX-License-Identifier: Apache-2.0
// l2fwd: new MAC addresses.
#ifndef VNFKIT_L2_H
#define VNFKIT_L2_H

#include "four.h"
#include "lanes.h"

#define L2_WIDTH 16u
#define L2_NONE 0x80

// The rules as a shuffle of the first sixteen bytes of a packet: byte i becomes byte from[i] of the old ones, or zero
// for L2_NONE, with constant[i] on top. Made once for a task; one instruction then does what is said of both addresses.
struct l2_rewrite {
    uint8_t from[L2_WIDTH];
    uint8_t constant[L2_WIDTH];
} __attribute__((aligned(16)));

static inline void l2_put_rule(struct l2_rewrite *rewrite, uint32_t rule, const uint8_t *set, uint32_t own, uint32_t other)
{
    for (uint32_t i = 0; i < 6; i++) {
        rewrite->from[own + i] = rule == VNFKIT_MAC_SET ? L2_NONE : (uint8_t)((rule == VNFKIT_MAC_OTHER ? other : own) + i);
        rewrite->constant[own + i] = rule == VNFKIT_MAC_SET ? set[i] : 0;
    }
}

static inline struct l2_rewrite l2_prepare(const struct vnfkit_l2fwd_config *config)
{
    struct l2_rewrite rewrite;

    for (uint32_t i = 0; i < L2_WIDTH; i++) {
        rewrite.from[i] = (uint8_t)i;
        rewrite.constant[i] = 0;
    }
    l2_put_rule(&rewrite, config->destination_rule, config->destination, 0, 6);
    l2_put_rule(&rewrite, config->source_rule, config->source, 6, 0);
    return rewrite;
}

// The same for a shorter header, of the addresses and nothing else.
static inline void l2_apply_bytes(uint8_t *header, const struct l2_rewrite *rewrite)
{
    uint8_t old[12];

    memcpy(old, header, sizeof old);
    for (uint32_t i = 0; i < sizeof old; i++)
        header[i] = (uint8_t)((rewrite->from[i] == L2_NONE ? 0 : old[rewrite->from[i]]) | rewrite->constant[i]);
}

// Sixteen bytes must be there.
static inline void l2_apply(uint8_t *header, const struct l2_rewrite *rewrite)
{
    const lanes32 moved = lanes_shuffle(lanes_load(header), lanes_load(rewrite->from));

    lanes_store(header, moved | lanes_load(rewrite->constant));
}

// What nearly every packet is, in one branch instead of three.
static inline int l2_is_plain(const struct rte_mbuf *m)
{
    return (m->data_len >= L2_WIDTH) & (rte_mbuf_refcnt_read(m) == 1)
        & !(m->ol_flags & (RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL));
}

static inline int l2_check(const struct rte_mbuf *m)
{
    int verdict = packet_require(m, ETHERNET_SIZE);

    return verdict != VERDICT_FORWARD ? verdict : packet_require_own(m);
}

static inline int l2_rewrite(struct rte_mbuf *m, const struct l2_rewrite *rewrite)
{
    int verdict;

    if (likely(l2_is_plain(m))) {
        l2_apply(packet_at(m, 0), rewrite);
        return VERDICT_FORWARD;
    }
    verdict = l2_check(m);
    if (verdict == VERDICT_FORWARD)
        l2_apply_bytes(packet_at(m, 0), rewrite);
    return verdict;
}

static inline int l2_forward(struct rte_mbuf *m, const struct vnfkit_l2fwd_config *config)
{
    const struct l2_rewrite rewrite = l2_prepare(config);

    return l2_rewrite(m, &rewrite);
}

#endif
