// SPDX-License-Identifier: Apache-2.0
// l2fwd: new MAC addresses.
#ifndef VNFKIT_L2_H
#define VNFKIT_L2_H

#include "packet.h"

static inline const uint8_t *l2_choose(
    uint32_t rule, const uint8_t *set, const uint8_t *own, const uint8_t *other)
{
    if (rule == VNFKIT_MAC_SET)
        return set;
    return rule == VNFKIT_MAC_OTHER ? other : own;
}

static inline int l2_forward(struct rte_mbuf *m, const struct vnfkit_l2fwd_config *config)
{
    struct ethernet *header = packet_at(m, 0);
    struct ethernet old;
    int verdict = packet_require(m, ETHERNET_SIZE);

    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    verdict = packet_require_own(m);
    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    memcpy(&old, header, sizeof old);
    memcpy(header->source, l2_choose(config->source_rule, config->source, old.source, old.destination), 6);
    memcpy(header->destination,
        l2_choose(config->destination_rule, config->destination, old.destination, old.source), 6);
    return VERDICT_FORWARD;
}

#endif
