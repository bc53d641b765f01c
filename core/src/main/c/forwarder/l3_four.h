// SPDX-License-Identifier: Apache-2.0
// The checks and changes of l3fwd on four IPv4 packets at once. They pass what l3_check, l3_trim and l3_rewrite would
// pass and leave as long as it is, and nothing else; a test and the fuzzer hold both against each other.
#ifndef VNFKIT_L3_FOUR_H
#define VNFKIT_L3_FOUR_H

#include "four.h"
#include "l3.h"
#include "lanes.h"
#include "route_table.h"

// Words of a header are computed with as they lie in memory.
#define L3_FOUR_IS_POSSIBLE (RTE_BYTE_ORDER == RTE_LITTLE_ENDIAN)

// What the first sixteen bytes of a frame must be where the mask is set: sent to the station and to no group, IPv4, a
// header without options.
struct l3_rules {
    lanes32 pattern;
    lanes32 mask;
    lanes32 mtu;                  // what all outputs can send, below 2^31
    int verify_checksum;
};

// Of four packets, a lane for each.
struct l3_four {
    lanes32 hops;                 // time to live, protocol and checksum as they will be
    uint8_t *data[FOUR];
    const uint32_t *entries[FOUR];
};

static inline struct l3_rules l3_rules(uint64_t address, uint64_t mask, uint32_t mtu, int verify_checksum)
{
    // In that byte order: the first bit sent, and type and version behind the source.
    const uint64_t group = 1;
    const uint64_t type = 0x0045000800000000;
    const uint64_t type_mask = 0x00ffffff00000000;

    // A group's frame is none for a station, whatever the address of that.
    return (struct l3_rules){ (lanes32)(lanes64){ address & mask & ~group, type },
        (lanes32)(lanes64){ mask | group, type_mask }, lanes_all(mtu), verify_checksum };
}

// The low halves of the sums of 16-bit words, each with its carries: 0xffff where the checksum is right.
static inline lanes32 l3_four_fold(lanes32 sum)
{
    const lanes32 low = lanes_all(0xffff);

    sum = (sum & low) + (sum >> 16);
    return (sum & low) + (sum >> 16);
}

static inline lanes32 l3_four_halves(lanes32 words)
{
    return (words & lanes_all(0xffff)) + (words >> 16);
}

// Total lengths, and lengths of packets as they are: bit 31 is set for one that is too short or too long.
static inline lanes32 l3_four_wrong_lengths(lanes32 total, lanes32 packet, lanes32 mtu)
{
    const lanes32 whole = total + lanes_all(ETHERNET_SIZE);
    const lanes32 longest = lanes_most(whole, lanes_all(ETHERNET_SHORTEST));

    return (total - lanes_all(IPV4_SIZE)) | (mtu - total) | (packet - whole) | (longest - packet);
}

// First octets of sources and destinations that no router forwards, as ipv4_check has it, and times to live of 0 and 1.
static inline lanes32 l3_four_wrong_octets(lanes32 source, lanes32 destination, lanes32 hops)
{
    const lanes32 first = lanes_all(0xff);
    const lanes32 octets = (source & first) | (destination & first) << 8 | (hops & first) << 16;

    return lanes_above8(octets, lanes_all(0xffffdfdf)) | lanes_above8(lanes_all(0x00020101), octets)
        | lanes_equal8(octets, lanes_all(0xff007f7f));
}

// As ipv4_decrement_ttl does it, time to live and checksum in one word: the checksum grows by one, and by one more
// where it would be 0xffff or has passed it.
static inline lanes32 l3_four_decrement_ttl(lanes32 hops)
{
    const lanes32 carries = lanes_at_least(hops, lanes_all(0xfffe0000));

    return hops + lanes_all(0xffff) - (carries << 16);
}

// Whether all four can be forwarded as far as they themselves say, with nothing to be cut off. Call only for packets
// that four_are_plain found to have both headers, and only where L3_FOUR_IS_POSSIBLE.
static inline int l3_four_check(
    struct rte_mbuf *const *packets, const struct l3_rules *rules, struct l3_four *four, lanes32 *bytes)
{
    // Byte 2 of the first word is the high one of the total length.
    const lanes32 swap_total = (lanes32)(lanes8){
        3, 2, 0x80, 0x80, 7, 6, 0x80, 0x80, 11, 10, 0x80, 0x80, 15, 14, 0x80, 0x80 };
    lanes32 start = { 0 };
    lanes32 header[FOUR];
    uint32_t lengths[FOUR];
    uint32_t destinations[FOUR];
    lanes32 low[2], high[2];
    lanes32 first, hops, source, destination, packet, wrong;

    for (uint32_t i = 0; i < FOUR; i++) {
        uint8_t *data = rte_pktmbuf_mtod(packets[i], uint8_t *);

        start |= lanes_load(data) ^ rules->pattern;
        header[i] = lanes_load(data + ETHERNET_SIZE);
        lengths[i] = packets[i]->pkt_len;
        memcpy(&destinations[i], data + ETHERNET_SIZE + offsetof(struct ipv4, destination), 4);
        four->data[i] = data;
    }
    low[0] = lanes_zip_low(header[0], header[1]);
    low[1] = lanes_zip_low(header[2], header[3]);
    high[0] = lanes_zip_high(header[0], header[1]);
    high[1] = lanes_zip_high(header[2], header[3]);
    first = lanes_join_low(low[0], low[1]);
    hops = lanes_join_low(high[0], high[1]);
    source = lanes_join_high(high[0], high[1]);
    destination = (lanes32){ destinations[0], destinations[1], destinations[2], destinations[3] };
    packet = (lanes32){ lengths[0], lengths[1], lengths[2], lengths[3] };
    wrong = (start & rules->mask) | l3_four_wrong_octets(source, destination, hops)
        | (l3_four_wrong_lengths(lanes_shuffle(first, swap_total), packet, rules->mtu) & lanes_all(0x80000000));
    if (rules->verify_checksum) {
        lanes32 sum = l3_four_halves(first) + l3_four_halves(lanes_join_high(low[0], low[1]))
            + l3_four_halves(hops) + l3_four_halves(source) + l3_four_halves(destination);

        wrong |= l3_four_fold(sum) ^ lanes_all(0xffff);
    }
    four->hops = l3_four_decrement_ttl(hops);
    *bytes = packet;
    return !lanes_any(wrong, lanes_all(UINT32_MAX));
}

static inline const uint8_t *l3_four_destination(const struct l3_four *four, uint32_t i)
{
    return four->data[i] + ETHERNET_SIZE + offsetof(struct ipv4, destination);
}

// Asks for the entries of the two levels of a table that most routes end in.
static inline void l3_four_begin_lookup(struct l3_four *four, const uint32_t *first, const uint32_t *groups)
{
#pragma GCC unroll 4
    for (uint32_t i = 0; i < FOUR; i++) {
        const uint8_t *destination = l3_four_destination(four, i);
        const uint32_t *at = route_first_entry(first, destination);
        uint32_t entry = route_load(at);
        const uint32_t *next = route_group_entry(groups, entry, destination[2]);

        four->entries[i] = entry & ROUTE_EXTENDED ? next : at;
        rte_prefetch0(four->entries[i]);
    }
}

// A lookup that does not end there begins anew: the entry of the first level may have become one that leads on.
static inline void l3_four_finish_lookup(
    const struct l3_four *four, const struct route_table *routes, uint32_t *entries)
{
    uint32_t any = 0;
    uint32_t default_entry;

    for (uint32_t i = 0; i < FOUR; i++) {
        entries[i] = route_load(four->entries[i]);
        any |= entries[i];
    }
    if (unlikely(any & ROUTE_EXTENDED))
        for (uint32_t i = 0; i < FOUR; i++)
            entries[i] = route_table_find(routes, l3_four_destination(four, i));
    // After the entries, as route_next_hop reads it.
    default_entry = __atomic_load_n(&routes->default_entry, __ATOMIC_RELAXED);
    for (uint32_t i = 0; i < FOUR; i++)
        entries[i] = entries[i] & ROUTE_VALID ? entries[i] : default_entry;
}

// What l3_rewrite does to each of them.
static inline void l3_four_rewrite(const struct l3_four *four, const struct vnfkit_next_hop *const *next)
{
    for (uint32_t i = 0; i < FOUR; i++) {
        uint8_t *data = four->data[i];
        uint32_t word = four->hops[i];

        memcpy(data, next[i], 12);
        memcpy(data + ETHERNET_SIZE + offsetof(struct ipv4, ttl), &word, sizeof word);
    }
}
_Static_assert(offsetof(struct ipv4, checksum) == offsetof(struct ipv4, ttl) + 2, "one word has both");

#endif
