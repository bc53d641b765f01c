// SPDX-License-Identifier: Apache-2.0
// l3fwd: checks before the lookup, changes after it.
#ifndef VNFKIT_L3_H
#define VNFKIT_L3_H

#include "packet.h"

enum l3_family { L3_IPV4, L3_IPV6 };

// Whether the frame is another station's, as a port in promiscuous mode takes them: what Linux calls PACKET_OTHERHOST.
// Two routers on one link would both forward it otherwise. Frames to groups have a verdict of their own.
static inline int l3_is_for_another(const struct rte_mbuf *m, const void *data, uint64_t address, uint64_t mask)
{
    uint64_t start;

    if (unlikely(m->data_len < ETHERNET_SIZE))
        return 0;
    memcpy(&start, data, sizeof start);
    return ((start ^ address) & mask) != 0 && !ethernet_is_multicast(data);
}

// What nearly every packet is: IPv4 without options and with nothing that l3_check would refuse, the checksum apart.
// One branch instead of a dozen. Call only where both headers are in the first segment.
static inline int l3_is_plain_ipv4(const struct rte_mbuf *m, const struct ethernet *header)
{
    const struct ipv4 *network = (const void *)(header + 1);
    uint32_t total = rte_be_to_cpu_16(network->total_length);
    uint32_t from = network->source[0];
    uint32_t to = network->destination[0];

    return (header->type == rte_cpu_to_be_16(ETHERTYPE_IPV4)) & !ethernet_is_multicast(header)
        & (network->version_ihl == 0x45) & (network->ttl > 1) & (total >= IPV4_SIZE)
        & (m->pkt_len >= ETHERNET_SIZE + total) & (from != 0)
        & (from != 127) & (from < 224) & (to != 0) & (to != 127) & (to < 224);
}

// Says in *family which table to ask, about the address at l3_destination.
static inline int l3_check(const struct rte_mbuf *m, const void *data, int verify_checksum, enum l3_family *family)
{
    const struct ethernet *header = data;
    const void *network = header + 1;
    int verdict;

    if (likely(m->data_len >= ETHERNET_SIZE + IPV4_SIZE) && likely(l3_is_plain_ipv4(m, header))) {
        *family = L3_IPV4;
        return verify_checksum && unlikely(checksum_words(network, IPV4_SIZE) != 0xffff) ? VNFKIT_DROP_IP_CHECKSUM
                                                                                         : VERDICT_FORWARD;
    }
    verdict = packet_require(m, ETHERNET_SIZE);
    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    if (unlikely(ethernet_is_multicast(header)))
        return VNFKIT_DROP_MULTICAST;
    if (likely(header->type == rte_cpu_to_be_16(ETHERTYPE_IPV4))) {
        *family = L3_IPV4;
        return ipv4_check(m, network, ETHERNET_SIZE, verify_checksum);
    }
    if (header->type != rte_cpu_to_be_16(ETHERTYPE_IPV6))
        return VNFKIT_DROP_ETHERTYPE;
    *family = L3_IPV6;
    return ipv6_check(m, network, ETHERNET_SIZE);
}

static inline const uint8_t *l3_destination(const void *data, enum l3_family family)
{
    const uint8_t *network = (const uint8_t *)data + ETHERNET_SIZE;

    return family == L3_IPV4 ? ((const struct ipv4 *)network)->destination
                             : ((const struct ipv6 *)network)->destination;
}

static inline uint32_t l3_network_length(const void *data, enum l3_family family)
{
    const void *network = (const uint8_t *)data + ETHERNET_SIZE;

    if (family == L3_IPV4)
        return rte_be_to_cpu_16(((const struct ipv4 *)network)->total_length);
    return IPV6_SIZE + rte_be_to_cpu_16(((const struct ipv6 *)network)->payload_length);
}

// Cuts off what lies behind the packet, as Linux does, except the padding of a short frame, which the next link needs as
// well. It is no part of the packet, so the MTU says nothing about it, and the output may not be able to send it.
static inline int l3_trim(struct rte_mbuf *m, uint32_t network_length)
{
    uint32_t longest = RTE_MAX(ETHERNET_SIZE + network_length, ETHERNET_SHORTEST);

    return likely(m->pkt_len <= longest) ? VERDICT_FORWARD : packet_cut(m, longest);
}

// Call only for a packet that l3_check passed.
static inline void l3_rewrite(void *data, enum l3_family family, const struct vnfkit_next_hop *hop)
{
    struct ethernet *header = data;
    void *network = header + 1;

    // Both addresses lie side by side in the next hop as in the header.
    memcpy(header, hop, 12);
    if (family == L3_IPV4)
        ipv4_decrement_ttl(network);
    else
        ((struct ipv6 *)network)->hop_limit--;
}
_Static_assert(offsetof(struct vnfkit_next_hop, source) == offsetof(struct ethernet, source), "one copy serves both");

#endif
