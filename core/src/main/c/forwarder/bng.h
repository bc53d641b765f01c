// SPDX-License-Identifier: Apache-2.0
// Broadband network gateway: QinQ to the subscribers, GRE over IPv4 with an MPLS label to the core.
//
//   access  | Ethernet | outer tag | inner tag | IPv4 ...
//   core    | Ethernet | MPLS label | IPv4 | GRE with key | IPv4 ...
//
// IEEE 802.1ad for the tags, RFC 3032 for the label, RFC 2784 and 2890 for GRE with a key.
#ifndef VNFKIT_BNG_H
#define VNFKIT_BNG_H

#include "packet.h"

#define QINQ_SIZE (ETHERNET_SIZE + 2 * VLAN_SIZE)
#define GRE_WITH_KEY_SIZE 8u
#define GRE_KEY_PRESENT 0x2000
#define MPLS_BOTTOM 0x100u
#define OUTER_TTL 64

struct gre_with_key {
    rte_be16_t flags_version;
    rte_be16_t protocol;
    rte_be32_t key;
} __attribute__((packed, aligned(2)));

struct mpls {
    rte_be32_t entry;             // label 20 bits, class 3, bottom of stack 1, time to live 8
} __attribute__((packed, aligned(2)));

static inline uint32_t bng_tags_key(uint32_t outer, uint32_t inner)
{
    return (outer & 0xfff) << 12 | (inner & 0xfff);
}

// 802.1ad, or two tags of 802.1Q: what DPDK's driver makes of any outer tag that the kernel took off, and what networks
// from before 802.1ad send.
static inline int bng_is_outer_tag(rte_be16_t type)
{
    return type == rte_cpu_to_be_16(ETHERTYPE_QINQ) || type == rte_cpu_to_be_16(ETHERTYPE_VLAN);
}

// The type of the inner tag is looked at too: otherwise the length of an IPv4 packet could be taken for a tag.
static inline int bng_read_tags(const struct rte_mbuf *m, const void *data, uint32_t *key)
{
    const struct ethernet *header = data;
    const struct vlan *tags = (const void *)(header + 1);
    int verdict = packet_require(m, QINQ_SIZE);

    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    if (unlikely(!bng_is_outer_tag(header->type) || tags[0].type != rte_cpu_to_be_16(ETHERTYPE_VLAN)))
        return VNFKIT_DROP_VLAN_TAGS;
    *key = bng_tags_key(rte_be_to_cpu_16(tags[0].tci), rte_be_to_cpu_16(tags[1].tci));
    return VERDICT_FORWARD;
}

// Upstream, before the lookups: *key is that of the subscriber, *destination where to route.
static inline int bng_upstream_check(const struct rte_mbuf *m, const void *data, int verify_checksum, uint32_t *key,
    const uint8_t **destination)
{
    const struct ethernet *header = data;
    const struct vlan *inner_tag = (const void *)((const uint8_t *)data + ETHERNET_SIZE + VLAN_SIZE);
    const struct ipv4 *network = (const void *)((const uint8_t *)data + QINQ_SIZE);
    int verdict = bng_read_tags(m, data, key);

    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    if (unlikely(ethernet_is_multicast(header)))
        return VNFKIT_DROP_MULTICAST;
    if (unlikely(inner_tag->type != rte_cpu_to_be_16(ETHERTYPE_IPV4)))
        return inner_tag->type == rte_cpu_to_be_16(ETHERTYPE_VLAN) ? VNFKIT_DROP_VLAN_TAGS : VNFKIT_DROP_ETHERTYPE;
    *destination = network->destination;
    return ipv4_check(m, network, QINQ_SIZE, verify_checksum);
}

static inline void bng_write_outer(struct ipv4 *outer, uint16_t total_length, const struct vnfkit_next_hop *hop)
{
    outer->version_ihl = 0x45;
    outer->type_of_service = 0;
    outer->total_length = rte_cpu_to_be_16(total_length);
    // With "don't fragment" set and no fragments, any id serves (RFC 6864).
    outer->id = 0;
    outer->fragment = rte_cpu_to_be_16(IPV4_DONT_FRAGMENT);
    outer->ttl = OUTER_TTL;
    outer->protocol = PROTOCOL_GRE;
    outer->checksum = 0;
    memcpy(outer->source, &hop->tunnel_local, 4);
    memcpy(outer->destination, &hop->tunnel_remote, 4);
    outer->checksum = (uint16_t)~checksum_words(outer, IPV4_SIZE);
}

// Upstream, after the lookups. mtu bounds what follows the Ethernet header; 0 is no bound.
static inline int bng_encapsulate(struct rte_mbuf *m, const struct vnfkit_subscriber *subscriber,
    const struct vnfkit_next_hop *hop, int with_label, uint32_t mtu)
{
    struct ipv4 *inner = packet_at(m, QINQ_SIZE);
    uint32_t inner_length = rte_be_to_cpu_16(inner->total_length);
    uint32_t outer_length = IPV4_SIZE + GRE_WITH_KEY_SIZE + inner_length;
    uint32_t label_size = with_label ? MPLS_SIZE : 0;
    uint32_t new_headers = ETHERNET_SIZE + label_size + IPV4_SIZE + GRE_WITH_KEY_SIZE;
    struct gre_with_key *gre;
    uint8_t *start;
    int verdict;

    // A next hop of a plain route, which leads to no tunnel.
    if (unlikely(hop->tunnel_local == 0 || hop->tunnel_remote == 0))
        return VNFKIT_DROP_NO_ROUTE;
    if (unlikely(outer_length > UINT16_MAX || (mtu != 0 && label_size + outer_length > mtu)))
        return VNFKIT_DROP_TOO_BIG;
    if (unlikely(rte_pktmbuf_headroom(m) < new_headers - QINQ_SIZE))
        return VNFKIT_DROP_NO_HEADROOM;
    if (unlikely(packet_require_own(m) != VERDICT_FORWARD))
        return VNFKIT_DROP_SHARED;
    verdict = packet_cut(m, QINQ_SIZE + inner_length);
    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    ipv4_decrement_ttl(inner);
    rte_pktmbuf_prepend(m, (uint16_t)(new_headers - QINQ_SIZE));
    start = packet_at(m, 0);
    ethernet_write((void *)start, hop->destination, hop->source, with_label ? ETHERTYPE_MPLS : ETHERTYPE_IPV4);
    if (with_label)
        ((struct mpls *)(start + ETHERNET_SIZE))->entry =
            rte_cpu_to_be_32(hop->mpls_label << 12 | MPLS_BOTTOM | OUTER_TTL);
    bng_write_outer((void *)(start + ETHERNET_SIZE + label_size), (uint16_t)outer_length, hop);
    gre = (void *)(start + new_headers - GRE_WITH_KEY_SIZE);
    gre->flags_version = rte_cpu_to_be_16(GRE_KEY_PRESENT);
    gre->protocol = rte_cpu_to_be_16(ETHERTYPE_IPV4);
    gre->key = rte_cpu_to_be_32(subscriber->gre_key);
    return VERDICT_FORWARD;
}

// Where the outer IPv4 header of a packet from the core starts.
static inline int bng_core_network(const struct rte_mbuf *m, const void *data, int with_label, uint32_t *offset)
{
    const struct ethernet *header = data;
    const struct mpls *label = (const void *)(header + 1);
    uint32_t entry;
    int verdict = packet_require(m, ETHERNET_SIZE + (with_label ? MPLS_SIZE : 0));

    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    if (unlikely(ethernet_is_multicast(header)))
        return VNFKIT_DROP_MULTICAST;
    if (!with_label) {
        *offset = ETHERNET_SIZE;
        return header->type == rte_cpu_to_be_16(ETHERTYPE_IPV4) ? VERDICT_FORWARD : VNFKIT_DROP_ETHERTYPE;
    }
    if (unlikely(header->type != rte_cpu_to_be_16(ETHERTYPE_MPLS)))
        return VNFKIT_DROP_ETHERTYPE;
    entry = rte_be_to_cpu_32(label->entry);
    if (unlikely(!(entry & MPLS_BOTTOM)))
        return VNFKIT_DROP_MPLS;
    *offset = ETHERNET_SIZE + MPLS_SIZE;
    return likely((entry & 0xff) > 0) ? VERDICT_FORWARD : VNFKIT_DROP_TTL;
}

// The outer header must be for this end; a time to live of 1 is enough to arrive.
static inline int bng_check_outer(
    const struct rte_mbuf *m, const struct ipv4 *outer, uint32_t offset, uint32_t local, int verify_checksum)
{
    int verdict = ipv4_check(m, outer, offset, verify_checksum);

    if (unlikely(verdict != VERDICT_FORWARD && !(verdict == VNFKIT_DROP_TTL && outer->ttl == 1)))
        return verdict;
    if (unlikely(outer->protocol != PROTOCOL_GRE))
        return VNFKIT_DROP_TUNNEL;
    if (unlikely(outer->fragment & rte_cpu_to_be_16(IPV4_MORE_OR_OFFSET)))
        return VNFKIT_DROP_FRAGMENT;
    if (unlikely(local != 0 && memcmp(&local, outer->destination, 4) != 0))
        return VNFKIT_DROP_TUNNEL;
    return VERDICT_FORWARD;
}

// Downstream, before the lookup: *key is that of the subscriber, *inner_offset where the inner header starts.
static inline int bng_downstream_check(const struct rte_mbuf *m, const void *data, const struct vnfkit_bng_config *config,
    int verify_checksum, uint32_t *key, uint32_t *inner_offset)
{
    const uint8_t *bytes = data;
    const struct ipv4 *outer;
    const struct ipv4 *inner;
    const struct gre_with_key *gre;
    uint32_t offset;
    uint32_t size;
    uint32_t payload;
    int verdict = bng_core_network(m, data, config->mpls != 0, &offset);

    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    outer = (const void *)(bytes + offset);
    verdict = bng_check_outer(m, outer, offset, config->tunnel_local, verify_checksum);
    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    size = ipv4_header_size(outer);
    payload = rte_be_to_cpu_16(outer->total_length) - size;
    if (unlikely(payload < GRE_WITH_KEY_SIZE + IPV4_SIZE))
        return VNFKIT_DROP_TRUNCATED;
    verdict = packet_require(m, offset + size + GRE_WITH_KEY_SIZE);
    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    gre = (const void *)(bytes + offset + size);
    if (unlikely(gre->flags_version != rte_cpu_to_be_16(GRE_KEY_PRESENT)
            || gre->protocol != rte_cpu_to_be_16(ETHERTYPE_IPV4)))
        return VNFKIT_DROP_TUNNEL;
    *key = rte_be_to_cpu_32(gre->key);
    *inner_offset = offset + size + GRE_WITH_KEY_SIZE;
    inner = (const void *)(bytes + *inner_offset);
    verdict = ipv4_check(m, inner, *inner_offset, verify_checksum);
    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    return rte_be_to_cpu_16(inner->total_length) <= payload - GRE_WITH_KEY_SIZE ? VERDICT_FORWARD
                                                                              : VNFKIT_DROP_TRUNCATED;
}

// Downstream, after the lookup. The headers that go are longer than those that come, in every layout.
static inline int bng_decapsulate(struct rte_mbuf *m, const struct vnfkit_subscriber *subscriber, uint32_t inner_offset,
    uint16_t outer_ethertype, const uint8_t *source, uint32_t mtu)
{
    struct ipv4 *inner = packet_at(m, inner_offset);
    uint32_t inner_length = rte_be_to_cpu_16(inner->total_length);
    struct ethernet *header;
    struct vlan *tags;
    int verdict;

    if (unlikely(mtu != 0 && inner_length > mtu))
        return VNFKIT_DROP_TOO_BIG;
    if (unlikely(packet_require_own(m) != VERDICT_FORWARD))
        return VNFKIT_DROP_SHARED;
    verdict = packet_cut(m, inner_offset + inner_length);
    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    ipv4_decrement_ttl(inner);
    // Cannot fail: the check has seen all headers in the first segment.
    rte_pktmbuf_adj(m, (uint16_t)(inner_offset - QINQ_SIZE));
    header = packet_at(m, 0);
    ethernet_write(header, subscriber->mac, source, outer_ethertype);
    tags = (void *)(header + 1);
    tags[0].tci = rte_cpu_to_be_16(subscriber->outer_tag);
    tags[0].type = rte_cpu_to_be_16(ETHERTYPE_VLAN);
    tags[1].tci = rte_cpu_to_be_16(subscriber->inner_tag);
    tags[1].type = rte_cpu_to_be_16(ETHERTYPE_IPV4);
    return VERDICT_FORWARD;
}

#endif
