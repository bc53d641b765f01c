// SPDX-License-Identifier: Apache-2.0
// The gateway: encapsulation and decapsulation byte by byte, and every reason to refuse a packet.
#include "gateway.h"

#define HEADROOM 128

static struct frame frame;
static struct frame expected;
static struct frame output;

#define EXPECT(actual, wanted) \
    do { \
        int actual_ = (actual); \
        CHECK(actual_ == (int)(wanted), "verdict %d instead of %d", actual_, (int)(wanted)); \
    } while (0)

// Keeps what became of it in output, and frees it.
static int finish(struct rte_mbuf *m, int verdict)
{
    output.length = buffer_read(m, output.bytes);
    CHECK(buffer_damage(m) == NULL, "%s", buffer_damage(m));
    if (verdict != VERDICT_FORWARD)
        CHECK(memcmp(output.bytes, frame.bytes, output.length) == 0, "changed, then dropped");
    else
        CHECK(output.length == expected.length && memcmp(output.bytes, expected.bytes, output.length) == 0,
            "%u bytes, %u expected", output.length, expected.length);
    buffer_free(m);
    return verdict;
}

static int upstream_of(int with_label, uint32_t mtu, uint32_t headroom, uint32_t length, uint32_t cut)
{
    struct rte_mbuf *m = buffer_create(frame.bytes, length, headroom, &cut, 1);

    return finish(m, gateway_upstream(m, with_label, mtu));
}

static int upstream(void)
{
    expect_upstream(&expected, frame.bytes, 1);
    return upstream_of(1, 0, HEADROOM, frame.length, 0);
}

static int downstream_of(const struct vnfkit_bng_config *config, uint32_t mtu, uint32_t length, uint32_t cut)
{
    struct rte_mbuf *m = buffer_create(frame.bytes, length, 0, &cut, 1);

    return finish(m, gateway_downstream(m, config, mtu));
}

static int downstream(int with_label, int any_end)
{
    const struct vnfkit_bng_config config = gateway_config(with_label, any_end);

    return downstream_of(&config, 0, frame.length, 0);
}

static void every_length_option_and_cut_goes_upstream(void)
{
    for (int with_label = 0; with_label < 2; with_label++)
        for (uint32_t options = 0; options <= 10; options += 5)
            for (uint32_t padding = 0; padding <= 18; padding += 9) {
                uint32_t packet;

                frame_upstream(&frame, 6, options);
                packet = frame.length;
                frame_append(&frame, padding);
                expect_upstream(&expected, frame.bytes, with_label);
                for (uint32_t length = 0; length < packet; length++)
                    EXPECT(upstream_of(with_label, 0, HEADROOM, length, 0), VNFKIT_DROP_TRUNCATED);
                EXPECT(upstream_of(with_label, 0, HEADROOM, frame.length, 0), VERDICT_FORWARD);
                for (uint32_t cut = 1; cut < frame.length; cut++)
                    // Padding that is not a part of the last segment, or all of it, stays a refusal.
                    EXPECT(upstream_of(with_label, 0, HEADROOM, frame.length, cut),
                        cut < 42 + 4 * options || (padding > 0 && cut >= packet) ? (int)VNFKIT_DROP_SCATTERED
                                                                                 : VERDICT_FORWARD);
            }
}

static void every_length_option_and_cut_goes_downstream(void)
{
    for (int with_label = 0; with_label < 2; with_label++)
        for (uint32_t outer_options = 0; outer_options <= 10; outer_options += 5)
            for (uint32_t inner_options = 0; inner_options <= 10; inner_options += 10) {
                const struct vnfkit_bng_config config = gateway_config(with_label, 0);
                uint32_t inner = 14 + 4 * (uint32_t)with_label + 20 + 4 * outer_options + 8;
                uint32_t packet;

                frame_downstream(&frame, with_label, 6, outer_options, inner_options);
                packet = frame.length;
                frame_append(&frame, 5);
                expect_downstream(&expected, frame.bytes + inner);
                for (uint32_t length = 0; length < packet; length++)
                    EXPECT(downstream_of(&config, 0, length, 0), VNFKIT_DROP_TRUNCATED);
                EXPECT(downstream_of(&config, 0, packet, 0), VERDICT_FORWARD);
                EXPECT(downstream_of(&config, 0, frame.length, 0), VERDICT_FORWARD);
                for (uint32_t cut = 1; cut < frame.length; cut++)
                    EXPECT(downstream_of(&config, 0, frame.length, cut),
                        cut < inner + 20 + 4 * inner_options || cut >= packet ? (int)VNFKIT_DROP_SCATTERED
                                                                              : VERDICT_FORWARD);
            }
}

// Up and down again: the same packet, two hops further, without padding and priority.
static void the_way_there_and_back_changes_the_hops_only(void)
{
    static const uint32_t payloads[] = { 0, 1, 18, 1400, 9000, 60000 };

    for (int with_label = 0; with_label < 2; with_label++)
        for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++) {
            struct vnfkit_bng_config config = gateway_config(with_label, 1);
            struct rte_mbuf *m;
            uint8_t *inner;

            frame_upstream(&frame, payloads[i], 2);
            m = buffer_whole(frame.bytes, frame.length, HEADROOM);
            CHECK(gateway_upstream(m, with_label, 0) == VERDICT_FORWARD, "upstream");
            CHECK(gateway_downstream(m, &config, 0) == VERDICT_FORWARD, "downstream");
            output.length = buffer_read(m, output.bytes);
            buffer_free(m);
            inner = output.bytes + 22;
            CHECK(inner[8] == 62 && naive_sum(inner, naive_header_size(inner)) == 0xffff, "inner header");
            inner[8] = 64;
            set_checksum(inner);
            CHECK(output.length == frame.length, "%u bytes instead of %u", output.length, frame.length);
            CHECK(memcmp(inner, frame.bytes + 22, frame.length - 22) == 0, "another byte");
            CHECK((read16(frame.bytes + 14) & 0xfff) == read16(output.bytes + 14), "outer tag");
            CHECK(read16(frame.bytes + 18) == read16(output.bytes + 18), "inner tag");
        }
}

static void a_next_hop_without_a_tunnel_is_no_route(void)
{
    for (int missing = 0; missing < 3; missing++) {
        struct vnfkit_next_hop hop = gateway_hop();
        struct rte_mbuf *m;

        if (missing != 1)
            hop.tunnel_local = 0;
        if (missing != 2)
            hop.tunnel_remote = 0;
        frame_upstream(&frame, 20, 0);
        m = buffer_whole(frame.bytes, frame.length, 64);
        EXPECT(bng_encapsulate(m, &subscriber, &hop, missing & 1, 0), VNFKIT_DROP_NO_ROUTE);
        CHECK(m->pkt_len == frame.length && memcmp(packet_at(m, 0), frame.bytes, frame.length) == 0, "changed");
        buffer_free(m);
    }
}

static void exactly_two_tags_are_taken(void)
{
    static const uint32_t types[] = { 0x88a8, 0x8100, 0x0800, 0x86dd };

    for (uint32_t tags = 0; tags <= 3; tags++) {
        frame_ethernet(&frame, tags == 0 ? 0x0800 : 0x88a8);
        for (uint32_t i = 1; i <= tags; i++)
            frame_vlan(&frame, i, i < tags ? 0x8100 : 0x0800);
        frame_ipv4(&frame, 17, 20, 0);
        frame_payload(&frame, 20);
        EXPECT(upstream(), tags == 2 ? VERDICT_FORWARD : (int)VNFKIT_DROP_VLAN_TAGS);
    }
    for (int i = 0; i < 4; i++) {
        frame_upstream(&frame, 20, 0);
        write16(frame.bytes + 12, types[i]);
        // Either type for the outer tag.
        EXPECT(upstream(), i <= 1 ? VERDICT_FORWARD : (int)VNFKIT_DROP_VLAN_TAGS);
        frame_upstream(&frame, 20, 0);
        write16(frame.bytes + 16, types[i]);
        EXPECT(upstream(), i == 1 ? VERDICT_FORWARD : (int)VNFKIT_DROP_VLAN_TAGS);
        frame_upstream(&frame, 20, 0);
        write16(frame.bytes + 20, types[i]);
        EXPECT(upstream(), i == 2 ? VERDICT_FORWARD : i == 1 ? (int)VNFKIT_DROP_VLAN_TAGS : (int)VNFKIT_DROP_ETHERTYPE);
    }
    frame_upstream(&frame, 20, 0);
    frame.bytes[0] |= 1;
    EXPECT(upstream(), VNFKIT_DROP_MULTICAST);
    frame_upstream(&frame, 20, 0);
    frame.bytes[22 + 11] ^= 1;
    EXPECT(upstream(), VNFKIT_DROP_IP_CHECKSUM);
}

static void a_longer_packet_needs_room(void)
{
    for (int with_label = 0; with_label < 2; with_label++) {
        uint32_t growth = with_label ? 24 : 20;
        uint32_t length;

        frame_upstream(&frame, 100, 0);
        expect_upstream(&expected, frame.bytes, with_label);
        for (uint32_t headroom = 0; headroom <= 32; headroom += 2)
            EXPECT(upstream_of(with_label, 0, headroom, frame.length, 0),
                headroom < growth ? (int)VNFKIT_DROP_NO_HEADROOM : VERDICT_FORWARD);
        length = expected.length - 14;
        EXPECT(upstream_of(with_label, length, HEADROOM, frame.length, 0), VERDICT_FORWARD);
        EXPECT(upstream_of(with_label, length - 1, HEADROOM, frame.length, 0), VNFKIT_DROP_TOO_BIG);
        // The outer total length has 16 bits.
        frame_upstream(&frame, 65535 - 28 - 20, 0);
        expect_upstream(&expected, frame.bytes, with_label);
        EXPECT(upstream_of(with_label, 0, HEADROOM, frame.length, 2000), VERDICT_FORWARD);
        frame_upstream(&frame, 65535 - 28 - 20 + 1, 0);
        EXPECT(upstream_of(with_label, 0, HEADROOM, frame.length, 2000), VNFKIT_DROP_TOO_BIG);
    }
}

static void a_shorter_packet_fits_the_mtu_of_the_access(void)
{
    const struct vnfkit_bng_config config = gateway_config(1, 0);

    frame_downstream(&frame, 1, 100, 0, 0);
    expect_downstream(&expected, frame.bytes + 14 + 4 + 20 + 8);
    EXPECT(downstream_of(&config, 120, frame.length, 0), VERDICT_FORWARD);
    EXPECT(downstream_of(&config, 119, frame.length, 0), VNFKIT_DROP_TOO_BIG);
}

// Which segment has two owners: 0 or 1.
static void packets_of_several_owners_are_refused(uint32_t segment, uint32_t padding, int is_refused)
{
    const struct vnfkit_bng_config config = gateway_config(1, 0);
    int wanted = is_refused ? (int)VNFKIT_DROP_SHARED : VERDICT_FORWARD;
    const uint32_t cut = 80;
    struct rte_mbuf *m;

    frame_upstream(&frame, 100, 0);
    frame_append(&frame, padding);
    expect_upstream(&expected, frame.bytes, 1);
    m = buffer_create(frame.bytes, frame.length, HEADROOM, &cut, 1);
    rte_mbuf_refcnt_set(segment == 0 ? m : m->next, 2);
    EXPECT(finish(m, gateway_upstream(m, 1, 0)), wanted);
    frame_downstream(&frame, 1, 100, 0, 0);
    frame_append(&frame, padding);
    expect_downstream(&expected, frame.bytes + 46);
    m = buffer_create(frame.bytes, frame.length, 0, &cut, 1);
    rte_mbuf_refcnt_set(segment == 0 ? m : m->next, 2);
    EXPECT(finish(m, gateway_downstream(m, &config, 0)), wanted);
}

static void padding_of_any_length_is_cut_or_refused(void)
{
    const uint32_t cuts[] = { 100, 1200 };
    struct rte_mbuf *m;

    // As much as a length of 16 bits can say, and more.
    frame_upstream(&frame, 1000, 0);
    frame_append(&frame, 65535 + 136);
    expect_upstream(&expected, frame.bytes, 1);
    m = buffer_create(frame.bytes, 1200 + 65535, HEADROOM, cuts, 2);
    EXPECT(finish(m, gateway_upstream(m, 1, 0)), VNFKIT_DROP_SCATTERED);
    m = buffer_create(frame.bytes, 40000, HEADROOM, cuts, 1);
    EXPECT(finish(m, gateway_upstream(m, 1, 0)), VERDICT_FORWARD);
}

// A frame to the subscriber with one byte of the outer headers changed, its checksum right.
static int downstream_with(int with_label, uint32_t offset, uint32_t value)
{
    uint32_t outer = with_label ? 18 : 14;

    frame_downstream(&frame, with_label, 100, 0, 0);
    expect_downstream(&expected, frame.bytes + outer + 28);
    frame.bytes[offset] = (uint8_t)value;
    if (offset >= outer && offset < outer + 20)
        set_checksum(frame.bytes + outer);
    return downstream(with_label, 0);
}

static void outer_headers_are_checked(void)
{
    for (uint32_t value = 0; value < 256; value++) {
        EXPECT(downstream_with(0, 14 + 9, value), value == 47 ? VERDICT_FORWARD : (int)VNFKIT_DROP_TUNNEL);
        EXPECT(downstream_with(0, 14 + 8, value), value == 0 ? (int)VNFKIT_DROP_TTL : VERDICT_FORWARD);
        // More fragments and the high bits of the offset; "don't fragment" and the reserved bit do not matter.
        EXPECT(downstream_with(0, 14 + 6, value), value & 0x3f ? (int)VNFKIT_DROP_FRAGMENT : VERDICT_FORWARD);
        EXPECT(downstream_with(0, 14 + 7, value), value ? (int)VNFKIT_DROP_FRAGMENT : VERDICT_FORWARD);
        EXPECT(downstream_with(0, 14 + 19, value), value == 1 ? VERDICT_FORWARD : (int)VNFKIT_DROP_TUNNEL);
        for (uint32_t byte = 0; byte < 4; byte++)
            EXPECT(downstream_with(0, 34 + byte, value),
                value == (byte == 0 ? 0x20 : byte == 2 ? 8 : 0) ? VERDICT_FORWARD : (int)VNFKIT_DROP_TUNNEL);
    }
    frame_downstream(&frame, 0, 100, 0, 0);
    frame.bytes[14 + 19] = 77;
    set_checksum(frame.bytes + 14);
    expect_downstream(&expected, frame.bytes + 42);
    EXPECT(downstream(0, 1), VERDICT_FORWARD);
    EXPECT(downstream(0, 0), VNFKIT_DROP_TUNNEL);
    EXPECT(downstream_with(0, 0, 3), VNFKIT_DROP_MULTICAST);
    EXPECT(downstream_with(0, 12, 0x86), VNFKIT_DROP_ETHERTYPE);
    EXPECT(downstream_with(1, 12, 0x08), VNFKIT_DROP_ETHERTYPE);
}

static void labels_are_checked(void)
{
    for (uint32_t value = 0; value < 256; value++) {
        EXPECT(downstream_with(1, 16, value), value & 1 ? VERDICT_FORWARD : (int)VNFKIT_DROP_MPLS);
        EXPECT(downstream_with(1, 17, value), value == 0 ? (int)VNFKIT_DROP_TTL : VERDICT_FORWARD);
    }
    frame_downstream(&frame, 0, 100, 0, 0);
    EXPECT(downstream(1, 0), VNFKIT_DROP_ETHERTYPE);
    frame_downstream(&frame, 1, 100, 0, 0);
    EXPECT(downstream(0, 0), VNFKIT_DROP_ETHERTYPE);
}

static void inner_headers_are_checked(void)
{
    static const struct {
        uint32_t offset, value;
        int verdict;
    } cases[] = {
        { 0, 0x65, VNFKIT_DROP_IP_VERSION }, { 0, 0x44, VNFKIT_DROP_IP_HEADER }, { 8, 1, VNFKIT_DROP_TTL },
        { 8, 0, VNFKIT_DROP_TTL }, { 12, 127, VNFKIT_DROP_MARTIAN }, { 16, 224, VNFKIT_DROP_MULTICAST },
        { 3, 19, VNFKIT_DROP_IP_HEADER }, { 3, 121, VNFKIT_DROP_TRUNCATED }, { 3, 119, VERDICT_FORWARD },
        { 6, 0x20, VERDICT_FORWARD },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        frame_downstream(&frame, 1, 100, 0, 0);
        // Bytes behind the outer packet are none of the inner one.
        frame_append(&frame, 50);
        frame.bytes[46 + cases[i].offset] = (uint8_t)cases[i].value;
        if (cases[i].offset != 0)
            set_checksum(frame.bytes + 46);
        if (cases[i].verdict == VERDICT_FORWARD)
            expect_downstream(&expected, frame.bytes + 46);
        EXPECT(downstream(1, 0), cases[i].verdict);
    }
    frame_downstream(&frame, 1, 100, 0, 0);
    frame.bytes[46 + 11] ^= 1;
    EXPECT(downstream(1, 0), VNFKIT_DROP_IP_CHECKSUM);
    for (uint32_t total = 20; total < 20 + 28; total++) {
        frame_downstream(&frame, 1, 100, 0, 0);
        write16(frame.bytes + 18 + 2, total);
        set_checksum(frame.bytes + 18);
        EXPECT(downstream(1, 0), VNFKIT_DROP_TRUNCATED);
    }
}

int main(void)
{
    every_length_option_and_cut_goes_upstream();
    every_length_option_and_cut_goes_downstream();
    the_way_there_and_back_changes_the_hops_only();
    a_next_hop_without_a_tunnel_is_no_route();
    exactly_two_tags_are_taken();
    a_longer_packet_needs_room();
    a_shorter_packet_fits_the_mtu_of_the_access();
    packets_of_several_owners_are_refused(0, 0, 1);
    packets_of_several_owners_are_refused(0, 10, 1);
    // Its bytes stay, so the other owner sees nothing; unless padding is to be cut.
    packets_of_several_owners_are_refused(1, 0, 0);
    packets_of_several_owners_are_refused(1, 10, 1);
    padding_of_any_length_is_cut_or_refused();
    outer_headers_are_checked();
    labels_are_checked();
    inner_headers_are_checked();
    return check_result("bng_test");
}
