// SPDX-License-Identifier: Apache-2.0
// What all packet functions share: headers, checks, verdicts. No function here allocates, frees or sends: each looks at
// one packet, may change it, and says what to do with it. So they run on any mbuf, also a test's or a fuzzer's.
#ifndef VNFKIT_PACKET_H
#define VNFKIT_PACKET_H

#include "forwarder.h"

#include <rte_byteorder.h>
#include <rte_mbuf.h>
#include <string.h>

// A verdict is VERDICT_FORWARD or one of enum vnfkit_drop.
#define VERDICT_FORWARD (-1)

#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_IPV6 0x86dd
#define ETHERTYPE_VLAN 0x8100
#define ETHERTYPE_QINQ 0x88a8
#define ETHERTYPE_MPLS 0x8847
#define ETHERNET_SIZE 14u
#define ETHERNET_SHORTEST 60u      // frame, without its checksum
#define VLAN_SIZE 4u
#define IPV4_SIZE 20u
#define IPV6_SIZE 40u
#define MPLS_SIZE 4u
#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17
#define PROTOCOL_GRE 47

struct ethernet {
    uint8_t destination[6];
    uint8_t source[6];
    rte_be16_t type;
} __attribute__((packed, aligned(2)));

struct vlan {
    rte_be16_t tci;
    rte_be16_t type;
} __attribute__((packed, aligned(2)));

// Aligned to two bytes only: an IP header behind an Ethernet header lies at 14.
struct ipv4 {
    uint8_t version_ihl;
    uint8_t type_of_service;
    rte_be16_t total_length;
    rte_be16_t id;
    rte_be16_t fragment;
    uint8_t ttl;
    uint8_t protocol;
    rte_be16_t checksum;
    uint8_t source[4];
    uint8_t destination[4];
} __attribute__((packed, aligned(2)));

struct ipv6 {
    rte_be32_t version_class_flow;
    rte_be16_t payload_length;
    uint8_t next_header;
    uint8_t hop_limit;
    uint8_t source[16];
    uint8_t destination[16];
} __attribute__((packed, aligned(2)));

#define IPV4_MORE_OR_OFFSET 0x3fff
#define IPV4_OFFSET 0x1fff
#define IPV4_DONT_FRAGMENT 0x4000

static inline void *packet_at(struct rte_mbuf *m, uint32_t offset)
{
    return rte_pktmbuf_mtod_offset(m, void *, offset);
}

// Whether so many bytes lie in the first segment; why not, otherwise.
static inline int packet_require(const struct rte_mbuf *m, uint32_t bytes)
{
    if (likely(m->data_len >= bytes))
        return VERDICT_FORWARD;
    return m->pkt_len < bytes ? VNFKIT_DROP_TRUNCATED : VNFKIT_DROP_SCATTERED;
}

// A buffer that others hold as well, such as a copy to a capture, must not change under them. The owners of external
// memory are counted there: a clone of such an mbuf leaves the counter of the mbuf at 1.
static inline int packet_require_own(const struct rte_mbuf *m)
{
    // One branch for what nearly every packet is.
    if (likely(!((rte_mbuf_refcnt_read(m) != 1)
            | ((m->ol_flags & (RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL)) != 0))))
        return VERDICT_FORWARD;
    if (rte_mbuf_refcnt_read(m) != 1 || (m->ol_flags & RTE_MBUF_F_INDIRECT))
        return VNFKIT_DROP_SHARED;
    return rte_mbuf_ext_refcnt_read(m->shinfo) == 1 ? VERDICT_FORWARD : VNFKIT_DROP_SHARED;
}

static inline uint16_t checksum_fold(uint32_t sum)
{
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)sum;
}

// Sum of the 16-bit words in memory order; RFC 1071: the byte order does not matter. 20 to 60 bytes, a multiple of 4.
static inline uint16_t checksum_words(const void *header, uint32_t bytes)
{
    const uint8_t *at = header;
    uint64_t sum = 0;

    for (uint32_t i = 0; i < bytes; i += 4) {
        uint32_t word;

        memcpy(&word, at + i, 4);
        sum += word;
    }
    sum = (sum & 0xffffffff) + (sum >> 32);
    return checksum_fold((uint32_t)(sum & 0xffff) + (uint32_t)(sum >> 16 & 0xffff) + (uint32_t)(sum >> 32));
}

static inline uint32_t ipv4_header_size(const struct ipv4 *header)
{
    return (header->version_ihl & 0x0fu) * 4;
}

// 0/8, 127/8 and 240/4 are never forwarded (RFC 1812 5.3.7); 224/4 is multicast, which is not routed here.
static inline int ipv4_check_destination(uint8_t first)
{
    if (unlikely(first == 0 || first == 127 || first >= 240))
        return VNFKIT_DROP_MARTIAN;
    return likely(first < 224) ? VERDICT_FORWARD : VNFKIT_DROP_MULTICAST;
}

// RFC 1812 5.2.2, and 5.2.7 for addresses. The header starts at offset; the packet may end later, with padding.
static inline int ipv4_check(const struct rte_mbuf *m, const struct ipv4 *header, uint32_t offset, int verify_checksum)
{
    uint32_t size;
    uint32_t total;
    int verdict = packet_require(m, offset + IPV4_SIZE);

    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    if (unlikely(header->version_ihl >> 4 != 4))
        return VNFKIT_DROP_IP_VERSION;
    size = ipv4_header_size(header);
    total = rte_be_to_cpu_16(header->total_length);
    if (unlikely(size < IPV4_SIZE || total < size))
        return VNFKIT_DROP_IP_HEADER;
    if (unlikely(m->pkt_len < offset + total))
        return VNFKIT_DROP_TRUNCATED;
    verdict = packet_require(m, offset + size);
    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    if (verify_checksum && unlikely(checksum_words(header, size) != 0xffff))
        return VNFKIT_DROP_IP_CHECKSUM;
    if (unlikely(header->source[0] == 0 || header->source[0] == 127 || header->source[0] >= 224))
        return VNFKIT_DROP_MARTIAN;
    verdict = ipv4_check_destination(header->destination[0]);
    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    return likely(header->ttl > 1) ? VERDICT_FORWARD : VNFKIT_DROP_TTL;
}

// RFC 1624, equation 3, for a field that goes down by one: the sum of the rest stays as it is.
static inline void ipv4_decrement_ttl(struct ipv4 *header)
{
    uint32_t sum = header->checksum;

    header->ttl--;
    sum += rte_cpu_to_be_16(0x0100);
    header->checksum = (uint16_t)(sum + (sum >= 0xffff));
}

static inline int ipv6_is_multicast(const uint8_t *address)
{
    return address[0] == 0xff;
}

// ::/128 and ::1, and fe80::/10, which stays on its link (RFC 4291 2.5).
static inline int ipv6_is_martian(const uint8_t *address)
{
    uint64_t high;
    uint64_t low;

    memcpy(&high, address, 8);
    memcpy(&low, address + 8, 8);
    if (high == 0 && rte_be_to_cpu_64(low) <= 1)
        return 1;
    return address[0] == 0xfe && (address[1] & 0xc0) == 0x80;
}

static inline int ipv6_check(const struct rte_mbuf *m, const struct ipv6 *header, uint32_t offset)
{
    int verdict = packet_require(m, offset + IPV6_SIZE);

    if (unlikely(verdict != VERDICT_FORWARD))
        return verdict;
    if (unlikely((rte_be_to_cpu_32(header->version_class_flow) >> 28) != 6))
        return VNFKIT_DROP_IP_VERSION;
    if (unlikely(m->pkt_len < offset + IPV6_SIZE + rte_be_to_cpu_16(header->payload_length)))
        return VNFKIT_DROP_TRUNCATED;
    // A jumbogram (RFC 2675) has its length in an option, which is not read: longer than 65535 bytes, or wrong.
    if (unlikely(header->payload_length == 0 && header->next_header == 0))
        return VNFKIT_DROP_IP_HEADER;
    if (unlikely(ipv6_is_multicast(header->destination)))
        return VNFKIT_DROP_MULTICAST;
    if (unlikely(ipv6_is_multicast(header->source) || ipv6_is_martian(header->source)
            || ipv6_is_martian(header->destination)))
        return VNFKIT_DROP_MARTIAN;
    return likely(header->hop_limit > 1) ? VERDICT_FORWARD : VNFKIT_DROP_TTL;
}

static inline int ethernet_is_multicast(const struct ethernet *header)
{
    return header->destination[0] & 1;
}

static inline void ethernet_write(
    struct ethernet *header, const uint8_t *destination, const uint8_t *source, uint16_t type)
{
    memcpy(header->destination, destination, 6);
    memcpy(header->source, source, 6);
    header->type = rte_cpu_to_be_16(type);
}

// Cuts bytes behind the packet that its network layer does not know of: the padding of short frames, which would become
// part of a longer packet. It has to lie in the last segment, which all of a frame's padding does, and not to be all of
// it: an empty segment stops the transmit queue of some devices.
static inline int packet_cut(struct rte_mbuf *m, uint32_t length)
{
    uint32_t excess = m->pkt_len - length;
    struct rte_mbuf *last;

    if (likely(excess == 0))
        return VERDICT_FORWARD;
    last = rte_pktmbuf_lastseg(m);
    if (unlikely(excess >= last->data_len))
        return VNFKIT_DROP_SCATTERED;
    // The first segment may be a packet's own where the last one is not, as in DPDK's multicast example.
    if (unlikely(rte_mbuf_refcnt_read(last) != 1))
        return VNFKIT_DROP_SHARED;
    last->data_len = (uint16_t)(last->data_len - excess);
    m->pkt_len = length;
    return VERDICT_FORWARD;
}

#endif
