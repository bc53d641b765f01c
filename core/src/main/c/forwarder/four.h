// SPDX-License-Identifier: Apache-2.0
// Four packets at once: one branch asks of all of them what nearly every packet is. A no says nothing about why, nor of
// which of them: they are then looked at one by one, by the functions that know every reason.
#ifndef VNFKIT_FOUR_H
#define VNFKIT_FOUR_H

#include "lanes.h"
#include "packet.h"

#define FOUR 4u
// Fields are found in lanes, and words of a header computed with, as they lie in memory.
#define FOUR_IS_POSSIBLE (RTE_BYTE_ORDER == RTE_LITTLE_ENDIAN)

// Two registers hold all that is asked of an mbuf: its second and its third sixteen bytes.
#define FOUR_OWNERS offsetof(struct rte_mbuf, data_off)
#define FOUR_LENGTHS offsetof(struct rte_mbuf, packet_type)
_Static_assert(offsetof(struct rte_mbuf, refcnt) == FOUR_OWNERS + 2, "place of refcnt in its lanes");
_Static_assert(offsetof(struct rte_mbuf, ol_flags) == FOUR_OWNERS + 8, "place of ol_flags in its lanes");
_Static_assert(offsetof(struct rte_mbuf, pkt_len) == FOUR_LENGTHS + 4, "place of pkt_len in its lanes");
_Static_assert(offsetof(struct rte_mbuf, data_len) == FOUR_LENGTHS + 8, "place of data_len in its lanes");

static inline lanes32 four_lengths(const struct rte_mbuf *m)
{
    return lanes_load((const uint8_t *)m + FOUR_LENGTHS);
}

static inline lanes32 four_owners(const struct rte_mbuf *m)
{
    return lanes_load((const uint8_t *)m + FOUR_OWNERS);
}

// Whether each is one owner's alone, in memory of its pool, and has so many bytes in its first segment.
static inline int four_are_plain(struct rte_mbuf *const *packets, uint16_t bytes)
{
    const lanes32 one_owner = { 1 << 16 };
    const lanes32 owner_mask = { 0xffff0000, 0, 0, (RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL) >> 32 };
    const lanes32 least = { 0, 0, bytes };
    lanes32 owners = { 0 };
    lanes32 shortest = lanes_all(UINT32_MAX);

    for (uint32_t i = 0; i < FOUR; i++) {
        owners |= four_owners(packets[i]) ^ one_owner;
        shortest = lanes_least16(shortest, four_lengths(packets[i]));
    }
    owners = (owners & owner_mask) | lanes_above16(least, shortest);
    return FOUR_IS_POSSIBLE && !lanes_any(owners, lanes_all(UINT32_MAX));
}

#endif
