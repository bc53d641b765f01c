// SPDX-License-Identifier: Apache-2.0
// A broadband network gateway with one subscriber and one tunnel, for tests: what goes in, what must come out.
#ifndef VNFKIT_GATEWAY_H
#define VNFKIT_GATEWAY_H

#include "buffer.h"
#include "frame.h"

#define GATEWAY_LABEL 0xfedcbu

static const struct vnfkit_subscriber subscriber = {
    .outer_tag = FRAME_OUTER_TAG,
    .inner_tag = FRAME_INNER_TAG,
    .gre_key = FRAME_GRE_KEY,
    .mac = { 2, 0xcc, 0, 0, 0, 3 },
};

static const uint8_t access_mac[6] = { 2, 0xdd, 0, 0, 0, 4 };

static inline struct vnfkit_next_hop gateway_hop(void)
{
    static const uint8_t local[] = FRAME_TUNNEL_LOCAL;
    static const uint8_t remote[] = FRAME_TUNNEL_REMOTE;
    struct vnfkit_next_hop hop = {
        .destination = { 2, 0xaa, 0, 0, 0, 1 }, .source = { 2, 0xbb, 0, 0, 0, 2 }, .mpls_label = GATEWAY_LABEL };

    memcpy(&hop.tunnel_local, local, 4);
    memcpy(&hop.tunnel_remote, remote, 4);
    return hop;
}

static inline struct vnfkit_bng_config gateway_config(int with_label, int any_end)
{
    static const uint8_t local[] = FRAME_TUNNEL_LOCAL;
    struct vnfkit_bng_config config = { .outer_ethertype = 0x88a8, .mpls = (uint32_t)with_label };

    if (!any_end)
        memcpy(&config.tunnel_local, local, 4);
    return config;
}

// The whole way of a packet to the core, but for the lookups.
static inline int gateway_upstream(struct rte_mbuf *m, int with_label, uint32_t mtu)
{
    const struct vnfkit_next_hop hop = gateway_hop();
    const uint8_t *data = rte_pktmbuf_mtod(m, const uint8_t *);
    const uint8_t *destination;
    uint32_t key;
    int verdict = bng_upstream_check(m, data, 1, &key, &destination);

    if (verdict != VERDICT_FORWARD)
        return verdict;
    CHECK(key == ((read16(data + 14) & 0xfff) << 12 | (read16(data + 18) & 0xfff)), "key %06x", key);
    CHECK(destination == data + 22 + 16, "what is routed by is not the destination");
    return bng_encapsulate(m, &subscriber, &hop, with_label, mtu);
}

static inline int gateway_downstream(struct rte_mbuf *m, const struct vnfkit_bng_config *config, uint32_t mtu)
{
    const uint8_t *data = rte_pktmbuf_mtod(m, const uint8_t *);
    uint32_t offset;
    uint32_t key;
    int verdict = bng_downstream_check(m, data, config, 1, &key, &offset);

    if (verdict != VERDICT_FORWARD)
        return verdict;
    CHECK(key == read32(data + offset - 4), "key %08x", key);
    return bng_decapsulate(m, &subscriber, offset, (uint16_t)config->outer_ethertype, access_mac, mtu);
}

// The inner packet with one hop less. Returns its length.
static inline uint32_t append_inner(struct frame *expected, const uint8_t *inner)
{
    uint32_t length = read16(inner + 2);
    uint8_t *at = frame_append(expected, length);

    memcpy(at, inner, length);
    at[8]--;
    set_checksum(at);
    return length;
}

static inline void expect_upstream(struct frame *expected, const uint8_t *frame, int with_label)
{
    const struct vnfkit_next_hop hop = gateway_hop();
    const uint8_t *inner = frame + 22;
    uint8_t *outer;

    frame_ethernet(expected, with_label ? 0x8847 : 0x0800);
    memcpy(expected->bytes, hop.destination, 6);
    memcpy(expected->bytes + 6, hop.source, 6);
    if (with_label)
        write32(frame_append(expected, 4), GATEWAY_LABEL << 12 | 0x100 | 64);
    outer = frame_ipv4(expected, 47, 8 + read16(inner + 2), 0);
    write16(outer + 4, 0);
    write16(outer + 6, 0x4000);
    memcpy(outer + 12, &hop.tunnel_local, 4);
    memcpy(outer + 16, &hop.tunnel_remote, 4);
    set_checksum(outer);
    frame_gre(expected, subscriber.gre_key);
    append_inner(expected, inner);
}

static inline void expect_downstream(struct frame *expected, const uint8_t *inner)
{
    frame_ethernet(expected, 0x88a8);
    memcpy(expected->bytes, subscriber.mac, 6);
    memcpy(expected->bytes + 6, access_mac, 6);
    frame_vlan(expected, subscriber.outer_tag, 0x8100);
    frame_vlan(expected, subscriber.inner_tag, 0x0800);
    append_inner(expected, inner);
}

#endif
