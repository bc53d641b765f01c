// SPDX-License-Identifier: Apache-2.0
// Load balancer: packets of one flow, subscriber or tunnel always get the same number.
#ifndef VNFKIT_BALANCE_H
#define VNFKIT_BALANCE_H

#include "bng.h"

static inline uint32_t balance_mix(uint32_t hash, uint32_t word)
{
    hash = (hash ^ word) * 0x9e3779b1u;
    return hash ^ hash >> 15;
}

static inline uint32_t balance_bytes(uint32_t hash, const uint8_t *bytes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i += 4) {
        uint32_t word;

        memcpy(&word, bytes + i, 4);
        hash = balance_mix(hash, word);
    }
    return hash;
}

// Ports, where there are any and the first segment has them. Not those of fragments: only the first has them, and all
// fragments of a packet shall go the same way.
static inline uint32_t balance_ports(const struct rte_mbuf *m, const uint8_t *data, uint32_t offset, uint8_t protocol)
{
    uint32_t ports;

    if ((protocol != PROTOCOL_TCP && protocol != PROTOCOL_UDP) || m->data_len < offset + 4)
        return 0;
    memcpy(&ports, data + offset, 4);
    return ports;
}

static inline int balance_five_tuple(const struct rte_mbuf *m, const uint8_t *data, uint32_t *hash)
{
    const struct ethernet *header = (const void *)data;
    const struct ipv4 *ipv4 = (const void *)(header + 1);
    const struct ipv6 *ipv6 = (const void *)(header + 1);
    int verdict = packet_require(m, ETHERNET_SIZE + IPV4_SIZE);

    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    if (header->type == rte_cpu_to_be_16(ETHERTYPE_IPV4)) {
        int is_fragment = (ipv4->fragment & rte_cpu_to_be_16(IPV4_MORE_OR_OFFSET)) != 0;

        *hash = balance_bytes(ipv4->protocol, ipv4->source, 8);
        if (!is_fragment)
            *hash = balance_mix(*hash,
                balance_ports(m, data, ETHERNET_SIZE + ipv4_header_size(ipv4), ipv4->protocol));
        return VERDICT_FORWARD;
    }
    if (header->type != rte_cpu_to_be_16(ETHERTYPE_IPV6))
        return VNFKIT_DROP_ETHERTYPE;
    verdict = packet_require(m, ETHERNET_SIZE + IPV6_SIZE);
    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    *hash = balance_bytes(ipv6->next_header, ipv6->source, 32);
    *hash = balance_mix(*hash, balance_ports(m, data, ETHERNET_SIZE + IPV6_SIZE, ipv6->next_header));
    return VERDICT_FORWARD;
}

// All packets of a tunnel must be sure to give the key, so a packet whose key may be elsewhere is none of a tunnel: with
// the flags of RFC 2784 and 1701 for a checksum and a route. A sequence number comes behind the key.
#define GRE_KEY_PLACE 0xe007

static inline int balance_gre_key(const struct rte_mbuf *m, const uint8_t *data, uint32_t *hash)
{
    const struct ethernet *header = (const void *)data;
    const struct ipv4 *outer;
    const struct gre_with_key *gre;
    uint32_t offset;
    int verdict = packet_require(m, ETHERNET_SIZE + IPV4_SIZE);

    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    verdict = bng_core_network(m, data, header->type == rte_cpu_to_be_16(ETHERTYPE_MPLS), &offset);
    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    outer = (const void *)(data + offset);
    verdict = packet_require(m, offset + IPV4_SIZE);
    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    if (unlikely(outer->version_ihl >> 4 != 4 || outer->protocol != PROTOCOL_GRE))
        return VNFKIT_DROP_TUNNEL;
    if (unlikely(ipv4_header_size(outer) < IPV4_SIZE))
        return VNFKIT_DROP_IP_HEADER;
    // Only the first fragment has a key.
    if (unlikely(outer->fragment & rte_cpu_to_be_16(IPV4_MORE_OR_OFFSET)))
        return VNFKIT_DROP_FRAGMENT;
    offset += ipv4_header_size(outer);
    verdict = packet_require(m, offset + GRE_WITH_KEY_SIZE);
    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    gre = (const void *)(data + offset);
    if (unlikely((gre->flags_version & rte_cpu_to_be_16(GRE_KEY_PLACE)) != rte_cpu_to_be_16(GRE_KEY_PRESENT)))
        return VNFKIT_DROP_TUNNEL;
    *hash = balance_mix(0, gre->key);
    return VERDICT_FORWARD;
}

static inline int balance_vlan_tags(const struct rte_mbuf *m, const uint8_t *data, uint32_t *hash)
{
    uint32_t key;
    int verdict = bng_read_tags(m, data, &key);

    if (likely(verdict == VERDICT_FORWARD))
        *hash = balance_mix(0, key);
    return verdict;
}

static inline int balance_hash(const struct rte_mbuf *m, const uint8_t *data, uint32_t key, uint32_t *hash)
{
    if (key == VNFKIT_BALANCE_FIVE_TUPLE)
        return balance_five_tuple(m, data, hash);
    return key == VNFKIT_BALANCE_VLAN_TAGS ? balance_vlan_tags(m, data, hash) : balance_gre_key(m, data, hash);
}

// A number below count, from the high bits, which are the better mixed ones.
static inline uint32_t balance_choose(uint32_t hash, uint32_t count)
{
    return (uint32_t)((uint64_t)balance_mix(hash, 0) * count >> 32);
}

#endif
