// SPDX-License-Identifier: Apache-2.0
// The load balancer: what decides where a packet goes, what does not, and whether the outputs get the same share.
#include "balance.h"
#include "buffer.h"
#include "frame.h"

static struct frame frame;

#define EXPECT(actual, wanted) \
    do { \
        int actual_ = (actual); \
        CHECK(actual_ == (int)(wanted), "verdict %d instead of %d", actual_, (int)(wanted)); \
    } while (0)

static int hash_of(uint32_t key, uint32_t length, uint32_t cut, uint32_t *hash)
{
    struct rte_mbuf *m = buffer_create(frame.bytes, length, 0, &cut, 1);
    int verdict = balance_hash(m, rte_pktmbuf_mtod(m, const uint8_t *), key, hash);

    buffer_free(m);
    return verdict;
}

static int verdict_by(uint32_t key)
{
    uint32_t hash;

    return hash_of(key, frame.length, 0, &hash);
}

static uint32_t hash_by(uint32_t key)
{
    uint32_t hash = 0;

    EXPECT(hash_of(key, frame.length, 0, &hash), VERDICT_FORWARD);
    return hash;
}

// Which bytes of the frame decide: all from one to another, in up to three ranges.
static void only_these_bytes_decide(uint32_t key, const uint32_t (*ranges)[2], uint32_t count, uint32_t length)
{
    uint32_t before = hash_by(key);

    for (uint32_t at = 0; at < length; at++) {
        int decides = 0;
        uint32_t hash;
        int verdict;

        for (uint32_t i = 0; i < count; i++)
            decides |= at >= ranges[i][0] && at < ranges[i][1];
        frame.bytes[at] ^= 2;
        verdict = hash_of(key, frame.length, 0, &hash);
        if (decides)
            CHECK(verdict == VERDICT_FORWARD && hash != before, "byte %u does not decide", at);
        else
            CHECK(verdict != VERDICT_FORWARD || hash == before, "byte %u decides", at);
        frame.bytes[at] ^= 2;
    }
}

static void five_tuples_decide(void)
{
    // The protocol decides too, but with another one there may be no ports.
    const uint32_t ipv4[][2] = { { 23, 24 }, { 26, 38 } };
    const uint32_t options[][2] = { { 23, 24 }, { 26, 34 }, { 54, 58 } };
    const uint32_t ipv6[][2] = { { 20, 21 }, { 22, 58 } };

    frame_routed_ipv4(&frame, 20, 0);
    // The length and flags words are no part of it, except that they say where and whether there are ports.
    frame.bytes[14 + 6] = 0;
    only_these_bytes_decide(VNFKIT_BALANCE_FIVE_TUPLE, ipv4, 2, 12);
    for (uint32_t at = 15; at < frame.length; at++) {
        uint32_t before = hash_by(VNFKIT_BALANCE_FIVE_TUPLE);
        // Fragments are another matter.
        int decides = (at >= 20 && at < 22) || at == 23 || (at >= 26 && at < 38);

        frame.bytes[at] ^= 4;
        CHECK((hash_by(VNFKIT_BALANCE_FIVE_TUPLE) != before) == decides, "byte %u", at);
        frame.bytes[at] ^= 4;
    }
    frame_routed_ipv4(&frame, 20, 5);
    only_these_bytes_decide(VNFKIT_BALANCE_FIVE_TUPLE, options, 3, 14);
    CHECK(hash_by(VNFKIT_BALANCE_FIVE_TUPLE) != 0, "hash");
    frame_routed_ipv6(&frame, 20);
    only_these_bytes_decide(VNFKIT_BALANCE_FIVE_TUPLE, ipv6, 2, frame.length);
}

static void fragments_of_a_packet_go_the_same_way(void)
{
    uint32_t hashes[3];

    // First, middle and last: what lies behind the header of the others are no ports.
    for (uint32_t i = 0; i < 3; i++) {
        frame_routed_ipv4(&frame, 24, 0);
        write16(frame.bytes + 14 + 6, (i < 2 ? 0x2000 : 0) | i * 3);
        frame.bytes[34] = (uint8_t)i;
        hashes[i] = hash_by(VNFKIT_BALANCE_FIVE_TUPLE);
    }
    CHECK(hashes[0] == hashes[1] && hashes[1] == hashes[2], "%08x %08x %08x", hashes[0], hashes[1], hashes[2]);
    frame_ethernet(&frame, 0x86dd);
    frame_ipv6(&frame, 44, 16);
    frame_payload(&frame, 16);
    hashes[0] = hash_by(VNFKIT_BALANCE_FIVE_TUPLE);
    frame.bytes[54] ^= 0xff;
    CHECK(hash_by(VNFKIT_BALANCE_FIVE_TUPLE) == hashes[0], "the fragment header decides");
}

static void tags_decide_without_their_priority(void)
{
    uint32_t before;

    frame_upstream(&frame, 20, 0);
    before = hash_by(VNFKIT_BALANCE_VLAN_TAGS);
    for (uint32_t bit = 0; bit < 16; bit++)
        for (uint32_t at = 14; at <= 18; at += 4) {
            write16(frame.bytes + at, read16(frame.bytes + at) ^ 1u << bit);
            CHECK((hash_by(VNFKIT_BALANCE_VLAN_TAGS) != before) == (bit < 12), "bit %u of the tag at %u", bit, at);
            write16(frame.bytes + at, read16(frame.bytes + at) ^ 1u << bit);
        }
    write16(frame.bytes + 12, 0x8100);
    CHECK(hash_by(VNFKIT_BALANCE_VLAN_TAGS) == before, "the type of the outer tag decides");
    for (uint32_t tags = 0; tags <= 3; tags++) {
        frame_ethernet(&frame, tags == 0 ? 0x0800 : 0x8100);
        for (uint32_t i = 1; i <= tags; i++)
            frame_vlan(&frame, i, i < tags ? 0x8100 : 0x0800);
        frame_ipv4(&frame, 17, 20, 0);
        frame_payload(&frame, 20);
        EXPECT(verdict_by(VNFKIT_BALANCE_VLAN_TAGS), tags < 2 ? (int)VNFKIT_DROP_VLAN_TAGS : VERDICT_FORWARD);
    }
    // An IPv4 packet whose length looks like the type of a tag.
    frame_routed_ipv4(&frame, 0x8100 - 20, 0);
    EXPECT(verdict_by(VNFKIT_BALANCE_VLAN_TAGS), VNFKIT_DROP_VLAN_TAGS);
}

static void tunnels_decide(int with_label, uint32_t options)
{
    uint32_t gre = 14 + 4 * (uint32_t)with_label + 20 + 4 * options;
    const uint32_t key[][2] = { { gre + 4, gre + 8 } };

    frame_downstream(&frame, with_label, 20, options, 0);
    only_these_bytes_decide(VNFKIT_BALANCE_GRE_KEY, key, 1, frame.length);
    for (uint32_t flags = 0; flags < 65536; flags++) {
        write16(frame.bytes + gre, flags);
        // With a checksum or a route the key lies elsewhere; a sequence number is behind it.
        EXPECT(verdict_by(VNFKIT_BALANCE_GRE_KEY),
            (flags & 0xe007) == 0x2000 ? VERDICT_FORWARD : (int)VNFKIT_DROP_TUNNEL);
    }
}

static int gre_verdict_with(int with_label, uint32_t offset, uint32_t value)
{
    frame_downstream(&frame, with_label, 20, 0, 0);
    frame.bytes[offset] = (uint8_t)value;
    return verdict_by(VNFKIT_BALANCE_GRE_KEY);
}

static void what_has_no_gre_key_is_no_tunnel(void)
{
    for (uint32_t value = 0; value < 256; value++) {
        EXPECT(gre_verdict_with(0, 14 + 9, value), value == 47 ? VERDICT_FORWARD : (int)VNFKIT_DROP_TUNNEL);
        EXPECT(gre_verdict_with(0, 14 + 6, value), value & 0x3f ? (int)VNFKIT_DROP_FRAGMENT : VERDICT_FORWARD);
        EXPECT(gre_verdict_with(0, 14 + 7, value), value ? (int)VNFKIT_DROP_FRAGMENT : VERDICT_FORWARD);
        // Two labels: the second one is no IP header.
        EXPECT(gre_verdict_with(1, 16, value), value & 1 ? VERDICT_FORWARD : (int)VNFKIT_DROP_MPLS);
    }
    for (uint32_t words = 0; words < 5; words++)
        EXPECT(gre_verdict_with(0, 14, 0x40 | words), VNFKIT_DROP_IP_HEADER);
    EXPECT(gre_verdict_with(0, 14, 0x65), VNFKIT_DROP_TUNNEL);
    EXPECT(gre_verdict_with(0, 12, 0x81), VNFKIT_DROP_ETHERTYPE);
}

static void short_and_scattered_frames(uint32_t key, uint32_t headers)
{
    uint32_t hash;
    uint32_t whole = hash_by(key);

    for (uint32_t length = 0; length < frame.length; length++)
        EXPECT(hash_of(key, length, 0, &hash), length < headers ? (int)VNFKIT_DROP_TRUNCATED : VERDICT_FORWARD);
    for (uint32_t cut = 1; cut < frame.length; cut++) {
        EXPECT(hash_of(key, frame.length, cut, &hash), cut < headers ? (int)VNFKIT_DROP_SCATTERED : VERDICT_FORWARD);
        if (cut >= headers + 4)
            CHECK(hash == whole, "cut at %u: %08x instead of %08x", cut, hash, whole);
    }
}

static void frames_of_every_length_and_cut(void)
{
    frame_routed_ipv4(&frame, 8, 0);
    short_and_scattered_frames(VNFKIT_BALANCE_FIVE_TUPLE, 34);
    frame_routed_ipv6(&frame, 8);
    short_and_scattered_frames(VNFKIT_BALANCE_FIVE_TUPLE, 54);
    frame_upstream(&frame, 8, 0);
    short_and_scattered_frames(VNFKIT_BALANCE_VLAN_TAGS, 22);
    frame_downstream(&frame, 0, 8, 0, 0);
    short_and_scattered_frames(VNFKIT_BALANCE_GRE_KEY, 42);
    frame_downstream(&frame, 1, 8, 3, 0);
    short_and_scattered_frames(VNFKIT_BALANCE_GRE_KEY, 58);
    frame_routed_ipv4(&frame, 20, 0);
    write16(frame.bytes + 12, 0x0806);
    EXPECT(verdict_by(VNFKIT_BALANCE_FIVE_TUPLE), VNFKIT_DROP_ETHERTYPE);
}

// Keys that count up, as those of subscribers do, in the places where they differ.
static void outputs_get_the_same_share(uint32_t key, uint32_t offset, uint32_t mask)
{
    const uint32_t flows = 4096;

    for (uint32_t outputs = 1; outputs <= VNFKIT_MAX_ENDPOINTS; outputs++) {
        uint32_t shares[VNFKIT_MAX_ENDPOINTS] = { 0 };

        for (uint32_t flow = 0; flow < flows; flow++) {
            uint32_t choice;

            write16(frame.bytes + offset, flow & mask);
            choice = balance_choose(hash_by(key), outputs);
            CHECK(choice < outputs, "output %u of %u", choice, outputs);
            shares[choice % outputs]++;
        }
        for (uint32_t i = 0; i < outputs; i++)
            CHECK(shares[i] > flows / outputs * 7 / 10 && shares[i] < flows / outputs * 13 / 10 + 1,
                "output %u of %u gets %u of %u flows", i, outputs, shares[i], flows);
    }
}

int main(void)
{
    five_tuples_decide();
    fragments_of_a_packet_go_the_same_way();
    tags_decide_without_their_priority();
    for (uint32_t options = 0; options <= 10; options += 5) {
        tunnels_decide(0, options);
        tunnels_decide(1, options);
    }
    what_has_no_gre_key_is_no_tunnel();
    frames_of_every_length_and_cut();
    frame_upstream(&frame, 20, 0);
    outputs_get_the_same_share(VNFKIT_BALANCE_VLAN_TAGS, 14, 0xfff);
    outputs_get_the_same_share(VNFKIT_BALANCE_VLAN_TAGS, 18, 0xfff);
    frame_downstream(&frame, 1, 20, 0, 0);
    outputs_get_the_same_share(VNFKIT_BALANCE_GRE_KEY, 18 + 20 + 6, 0xffff);
    outputs_get_the_same_share(VNFKIT_BALANCE_GRE_KEY, 18 + 20 + 4, 0xffff);
    frame_routed_ipv4(&frame, 20, 0);
    outputs_get_the_same_share(VNFKIT_BALANCE_FIVE_TUPLE, 14 + 14, 0xffff);
    outputs_get_the_same_share(VNFKIT_BALANCE_FIVE_TUPLE, 34, 0xffff);
    frame_routed_ipv6(&frame, 20);
    outputs_get_the_same_share(VNFKIT_BALANCE_FIVE_TUPLE, 14 + 8 + 14, 0xffff);
    return check_result("balance_test");
}
