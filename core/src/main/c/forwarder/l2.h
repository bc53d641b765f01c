// SPDX-License-Identifier: Apache-2.0
// l2fwd: new MAC addresses.
#ifndef VNFKIT_L2_H
#define VNFKIT_L2_H

#include "packet.h"

// What becomes of an address, as a number of 48 bits: no branch for each packet, and the compiler computes the masks once
// for a burst.
static inline uint64_t l2_apply(uint32_t rule, const uint8_t *set, uint64_t own, uint64_t other)
{
    const uint64_t keep_mask = rule == VNFKIT_MAC_SET || rule == VNFKIT_MAC_OTHER ? 0 : UINT64_MAX;
    const uint64_t other_mask = rule == VNFKIT_MAC_OTHER ? UINT64_MAX : 0;
    uint64_t value = 0;

    memcpy(&value, set, 6);
    value = rule == VNFKIT_MAC_SET ? rte_le_to_cpu_64(value) : 0;
    return value | (own & keep_mask) | (other & other_mask);
}

// What nearly every packet is, in one branch instead of three.
static inline int l2_is_plain(const struct rte_mbuf *m)
{
    return (m->data_len >= ETHERNET_SIZE) & (rte_mbuf_refcnt_read(m) == 1)
        & !(m->ol_flags & (RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL));
}

static inline int l2_check(const struct rte_mbuf *m)
{
    int verdict = packet_require(m, ETHERNET_SIZE);

    return verdict != VERDICT_FORWARD ? verdict : packet_require_own(m);
}

static inline int l2_forward(struct rte_mbuf *m, const struct vnfkit_l2fwd_config *config)
{
    const uint64_t mask = (1ull << 48) - 1;
    uint8_t *header = packet_at(m, 0);
    uint64_t first;
    uint32_t last;
    uint64_t old_destination;
    uint64_t old_source;
    uint64_t destination;
    uint64_t source;

    if (unlikely(!l2_is_plain(m))) {
        int verdict = l2_check(m);

        if (verdict != VERDICT_FORWARD)
            return verdict;
    }
    // Twelve bytes in two words, each loaded and stored whole.
    memcpy(&first, header, 8);
    memcpy(&last, header + 8, 4);
    first = rte_le_to_cpu_64(first);
    old_destination = first & mask;
    old_source = first >> 48 | (uint64_t)rte_le_to_cpu_32(last) << 16;
    destination = l2_apply(config->destination_rule, config->destination, old_destination, old_source);
    source = l2_apply(config->source_rule, config->source, old_source, old_destination);
    first = rte_cpu_to_le_64(destination | source << 48);
    last = rte_cpu_to_le_32((uint32_t)(source >> 16));
    memcpy(header, &first, 8);
    memcpy(header + 8, &last, 4);
    return VERDICT_FORWARD;
}

#endif
