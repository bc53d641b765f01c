// SPDX-License-Identifier: Apache-2.0
// The checks and changes of l2fwd and l3fwd, on packets in every shape.
#include "buffer.h"
#include "frame.h"
#include "l2.h"
#include "l3.h"

static struct frame frame;
static struct frame output;

static const struct vnfkit_next_hop hop = {
    .destination = { 2, 0xaa, 0, 0, 0, 1 }, .source = { 2, 0xbb, 0, 0, 0, 2 } };

static int l3_forward(struct rte_mbuf *m, int verify_checksum)
{
    void *data = rte_pktmbuf_mtod(m, void *);
    enum l3_family family;
    int verdict = l3_check(m, data, verify_checksum, &family);

    if (verdict != VERDICT_FORWARD)
        return verdict;
    CHECK(memcmp(l3_destination(data, family), (uint8_t *)data + (family == L3_IPV4 ? 30 : 38), 4) == 0, "address");
    CHECK(l3_network_length(data, family) + 14 <= m->pkt_len, "%u", l3_network_length(data, family));
    l3_rewrite(data, family, &hop);
    return verdict;
}

// What became of a packet is in output.
static int l3_verdict_of(const uint32_t *cuts, uint32_t cut_count, uint32_t length, int verify_checksum)
{
    struct rte_mbuf *m = buffer_create(frame.bytes, length, 2, cuts, cut_count);
    int verdict = l3_forward(m, verify_checksum);

    output.length = buffer_read(m, output.bytes);
    CHECK(buffer_damage(m) == NULL, "%s", buffer_damage(m));
    if (verdict != VERDICT_FORWARD)
        CHECK(output.length == length && memcmp(output.bytes, frame.bytes, length) == 0, "changed, then dropped");
    buffer_free(m);
    return verdict;
}

static int l3_verdict(void)
{
    return l3_verdict_of(NULL, 0, frame.length, 1);
}

#define EXPECT(actual, expected) \
    do { \
        int actual_ = (actual); \
        CHECK(actual_ == (int)(expected), "verdict %d instead of %d", actual_, (int)(expected)); \
    } while (0)

// The new addresses, one hop less, nothing else.
static void check_ipv4_output(void)
{
    uint8_t *header = output.bytes + 14;

    CHECK(memcmp(output.bytes, &hop, 12) == 0, "link layer addresses");
    CHECK(header[8] == frame.bytes[14 + 8] - 1, "time to live %u", header[8]);
    CHECK(naive_sum(header, naive_header_size(header)) == 0xffff, "checksum");
    memcpy(output.bytes, frame.bytes, 12);
    header[8]++;
    memcpy(header + 10, frame.bytes + 14 + 10, 2);
    CHECK(output.length == frame.length && memcmp(output.bytes, frame.bytes, frame.length) == 0, "another byte");
}

static void ipv4_is_forwarded_with_options_padding_and_in_jumbo_frames(void)
{
    static const uint32_t payloads[] = { 0, 1, 8, 1472, 9000, 65535 - 60 };

    for (uint32_t options = 0; options <= 10; options++)
        for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++) {
            frame_routed_ipv4(&frame, payloads[i], options);
            if (frame.length + 2 > UINT16_MAX)
                continue;
            EXPECT(l3_verdict(), VERDICT_FORWARD);
            check_ipv4_output();
            if (frame.length >= 60)
                continue;
            frame_append(&frame, 60 - frame.length);
            EXPECT(l3_verdict(), VERDICT_FORWARD);
            check_ipv4_output();
        }
}

static void the_longest_packet_is_forwarded_in_segments(void)
{
    const uint32_t cuts[] = { 2048, 30000, 50000 };

    frame_routed_ipv4(&frame, 65535 - 20, 0);
    EXPECT(l3_verdict_of(cuts, 3, frame.length, 1), VERDICT_FORWARD);
    check_ipv4_output();
    EXPECT(l3_verdict_of(cuts, 3, frame.length - 1, 1), VNFKIT_DROP_TRUNCATED);
}

static int ipv4_verdict_with(uint32_t offset, uint32_t value)
{
    frame_routed_ipv4(&frame, 16, 0);
    frame.bytes[14 + offset] = (uint8_t)value;
    if ((frame.bytes[14] & 0xf) == 5)
        set_checksum(frame.bytes + 14);
    return l3_verdict();
}

static void ipv4_headers_are_checked(void)
{
    for (uint32_t version = 0; version < 16; version++)
        EXPECT(ipv4_verdict_with(0, version << 4 | 5), version == 4 ? VERDICT_FORWARD : (int)VNFKIT_DROP_IP_VERSION);
    for (uint32_t words = 0; words < 5; words++)
        EXPECT(ipv4_verdict_with(0, 0x40 | words), VNFKIT_DROP_IP_HEADER);
    // Longer than the packet says, longer than it is.
    EXPECT(ipv4_verdict_with(0, 0x4a), VNFKIT_DROP_IP_HEADER);
    for (uint32_t total = 0; total < 256; total++)
        EXPECT(ipv4_verdict_with(3, total), total < 20 ? (int)VNFKIT_DROP_IP_HEADER
            : total > 36 ? (int)VNFKIT_DROP_TRUNCATED : VERDICT_FORWARD);
    for (uint32_t ttl = 0; ttl < 256; ttl++)
        EXPECT(ipv4_verdict_with(8, ttl), ttl < 2 ? (int)VNFKIT_DROP_TTL : VERDICT_FORWARD);
    // A router looks at no fragment bits and no protocol.
    for (uint32_t value = 0; value < 256; value++) {
        EXPECT(ipv4_verdict_with(6, value), VERDICT_FORWARD);
        EXPECT(ipv4_verdict_with(9, value), VERDICT_FORWARD);
    }
}

static void ipv4_addresses_are_checked(void)
{
    for (uint32_t first = 0; first < 256; first++) {
        EXPECT(ipv4_verdict_with(12, first),
            first == 0 || first == 127 || first >= 224 ? (int)VNFKIT_DROP_MARTIAN : VERDICT_FORWARD);
        EXPECT(ipv4_verdict_with(16, first),
            first == 0 || first == 127 || first >= 240 ? (int)VNFKIT_DROP_MARTIAN
            : first >= 224 ? (int)VNFKIT_DROP_MULTICAST : VERDICT_FORWARD);
    }
}

static void every_wrong_bit_of_an_ipv4_header_is_found(void)
{
    for (uint32_t options = 0; options <= 10; options++)
        for (uint32_t bit = 0; bit < 8 * (20 + 4 * options); bit++) {
            frame_routed_ipv4(&frame, 16, options);
            frame.bytes[14 + bit / 8] ^= (uint8_t)(1 << bit % 8);
            CHECK(l3_verdict() != VERDICT_FORWARD, "bit %u", bit);
            // The first word and the addresses have checks of their own before that of the sum.
            if (bit / 8 >= 4)
                EXPECT(l3_verdict(), VNFKIT_DROP_IP_CHECKSUM);
        }
    frame_routed_ipv4(&frame, 16, 0);
    frame.bytes[14 + 11] ^= 1;
    EXPECT(l3_verdict_of(NULL, 0, frame.length, 0), VERDICT_FORWARD);
}

// of_zero is how a sum of zero is written: 0, as it is computed, or 0xffff, which is the same number.
static void follow_checksum(uint32_t id, uint8_t ttl, uint32_t of_zero)
{
    uint8_t header[20] __attribute__((aligned(2)));
    uint32_t actual;

    frame.length = 0;
    memcpy(header, frame_ipv4(&frame, 6, 0, 0), 20);
    header[8] = ttl;
    write16(header + 4, id);
    set_checksum(header);
    if (read16(header + 10) == 0)
        write16(header + 10, of_zero);
    ipv4_decrement_ttl((struct ipv4 *)header);
    actual = read16(header + 10);
    CHECK(header[8] == ttl - 1 && naive_sum(header, 20) == 0xffff, "id %u ttl %u", id, ttl);
    CHECK(checksum_words(header, 20) == 0xffff, "id %u", id);
    set_checksum(header);
    CHECK(actual == read16(header + 10), "id %u: %04x instead of %04x", id, actual, read16(header + 10));
}

static void the_checksum_follows_the_time_to_live(void)
{
    static const uint8_t ttls[] = { 1, 2, 64, 128, 255 };

    for (size_t i = 0; i < sizeof ttls; i++)
        for (uint32_t id = 0; id < 65536; id++) {
            follow_checksum(id, ttls[i], 0);
            follow_checksum(id, ttls[i], 0xffff);
        }
}

static void sums_agree(void)
{
    uint64_t random = 3;

    for (int i = 0; i < 200000; i++) {
        uint8_t bytes[60];
        uint32_t length = 20 + 4 * random_below(&random, 11);
        // All ones give the longest carries.
        int dense = random_below(&random, 4) == 0;
        uint16_t sum;

        for (uint32_t at = 0; at < length; at++)
            bytes[at] = dense && random_below(&random, 8) != 0 ? 0xff : (uint8_t)random_next(&random);
        sum = checksum_words(bytes, length);
        CHECK(rte_be_to_cpu_16(sum) == naive_sum(bytes, length), "%04x", sum);
    }
}

static int ipv6_verdict_with(uint32_t offset, uint32_t value)
{
    frame_routed_ipv6(&frame, 16);
    frame.bytes[14 + offset] = (uint8_t)value;
    return l3_verdict();
}

static int ipv6_verdict_of_address(uint32_t offset, const uint8_t *address)
{
    frame_routed_ipv6(&frame, 16);
    memcpy(frame.bytes + 14 + offset, address, 16);
    return l3_verdict();
}

static void ipv6_headers_are_checked(void)
{
    static const uint8_t unspecified[16];
    static const uint8_t loopback[16] = { [15] = 1 };
    static const uint8_t neither[16] = { [15] = 2 };
    static const uint8_t nor[16] = { [7] = 1, [15] = 1 };

    EXPECT(ipv6_verdict_with(0, 0x60), VERDICT_FORWARD);
    CHECK(memcmp(output.bytes, &hop, 12) == 0 && output.bytes[14 + 7] == 63, "hop limit");
    memcpy(output.bytes, frame.bytes, 12);
    output.bytes[14 + 7]++;
    CHECK(memcmp(output.bytes, frame.bytes, frame.length) == 0, "another byte");
    for (uint32_t version = 0; version < 16; version++)
        EXPECT(ipv6_verdict_with(0, version << 4), version == 6 ? VERDICT_FORWARD : (int)VNFKIT_DROP_IP_VERSION);
    for (uint32_t payload = 0; payload < 256; payload++)
        EXPECT(ipv6_verdict_with(5, payload), payload > 16 ? (int)VNFKIT_DROP_TRUNCATED : VERDICT_FORWARD);
    for (uint32_t limit = 0; limit < 256; limit++)
        EXPECT(ipv6_verdict_with(7, limit), limit < 2 ? (int)VNFKIT_DROP_TTL : VERDICT_FORWARD);
    EXPECT(ipv6_verdict_with(8, 0xff), VNFKIT_DROP_MARTIAN);
    EXPECT(ipv6_verdict_with(24, 0xff), VNFKIT_DROP_MULTICAST);
    for (uint32_t offset = 8; offset <= 24; offset += 16) {
        EXPECT(ipv6_verdict_of_address(offset, unspecified), VNFKIT_DROP_MARTIAN);
        EXPECT(ipv6_verdict_of_address(offset, loopback), VNFKIT_DROP_MARTIAN);
        EXPECT(ipv6_verdict_of_address(offset, neither), VERDICT_FORWARD);
        EXPECT(ipv6_verdict_of_address(offset, nor), VERDICT_FORWARD);
        for (uint32_t second = 0; second < 256; second++) {
            const uint8_t address[16] = { 0xfe, (uint8_t)second, [15] = 9 };

            EXPECT(ipv6_verdict_of_address(offset, address),
                second >= 0x80 && second < 0xc0 ? (int)VNFKIT_DROP_MARTIAN : VERDICT_FORWARD);
        }
    }
}

static void other_frames_are_not_routed(void)
{
    static const uint32_t types[] = { 0x0806, 0x8100, 0x88a8, 0x8847, 0x05dc, 0, 0xffff, 0x0008, 0xdd86 };

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        frame_routed_ipv4(&frame, 16, 0);
        write16(frame.bytes + 12, types[i]);
        EXPECT(l3_verdict(), VNFKIT_DROP_ETHERTYPE);
    }
    for (uint32_t tags = 1; tags <= 3; tags++) {
        frame_ethernet(&frame, 0x8100);
        for (uint32_t i = 1; i <= tags; i++)
            frame_vlan(&frame, i, i < tags ? 0x8100 : 0x0800);
        frame_ipv4(&frame, 17, 8, 0);
        frame_payload(&frame, 8);
        EXPECT(l3_verdict(), VNFKIT_DROP_ETHERTYPE);
    }
    frame_routed_ipv4(&frame, 16, 0);
    frame.bytes[0] |= 1;
    EXPECT(l3_verdict(), VNFKIT_DROP_MULTICAST);
    memset(frame.bytes, 0xff, 6);
    EXPECT(l3_verdict(), VNFKIT_DROP_MULTICAST);
}

// The frame shortened to every length, and cut into two and three segments at every byte.
static void try_all_lengths_and_cuts(uint32_t headers)
{
    for (uint32_t length = 0; length < frame.length; length++)
        EXPECT(l3_verdict_of(NULL, 0, length, 1), VNFKIT_DROP_TRUNCATED);
    for (uint32_t cut = 1; cut < frame.length; cut++) {
        const uint32_t cuts[] = { cut, cut + 1 };

        EXPECT(l3_verdict_of(cuts, 1, frame.length, 1), cut < headers ? (int)VNFKIT_DROP_SCATTERED : VERDICT_FORWARD);
        EXPECT(l3_verdict_of(cuts, 2, frame.length, 1), cut < headers ? (int)VNFKIT_DROP_SCATTERED : VERDICT_FORWARD);
        // With headers that lie behind the first segment it is too short all the same.
        EXPECT(l3_verdict_of(cuts, 1, frame.length - 1, 1),
            cut < 14 + 20 || (frame.bytes[12] == 0x86 && cut < headers) ? (int)VNFKIT_DROP_SCATTERED
                                                                      : (int)VNFKIT_DROP_TRUNCATED);
    }
}

static void routed_frames_of_every_length_and_cut(void)
{
    frame_routed_ipv4(&frame, 8, 0);
    try_all_lengths_and_cuts(34);
    frame_routed_ipv4(&frame, 8, 10);
    try_all_lengths_and_cuts(74);
    frame_routed_ipv6(&frame, 8);
    try_all_lengths_and_cuts(54);
}

static int l2_verdict(const struct vnfkit_l2fwd_config *config, uint32_t length, uint32_t cut)
{
    struct rte_mbuf *m = buffer_create(frame.bytes, length, 0, &cut, 1);
    int verdict = l2_forward(m, config);

    output.length = buffer_read(m, output.bytes);
    buffer_free(m);
    return verdict;
}

static void frames_of_other_stations_are_told_from_own_ones(void)
{
    static const uint8_t mask_bytes[8] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
    uint64_t address = 0;
    uint64_t mask;

    memcpy(&mask, mask_bytes, 8);
    frame_routed_ipv4(&frame, 16, 0);
    memcpy(&address, frame.bytes, 6);
    for (uint32_t bit = 0; bit < 8 * 14; bit++) {
        struct rte_mbuf *m;

        frame_routed_ipv4(&frame, 16, 0);
        frame.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        m = buffer_whole(frame.bytes, frame.length, 0);
        // Bit 0 makes it a group's; behind the first six bytes comes the source.
        CHECK(l3_is_for_another(m, packet_at(m, 0), address, mask) == (bit > 0 && bit < 48), "bit %u", bit);
        CHECK(!l3_is_for_another(m, packet_at(m, 0), 0, 0), "bit %u", bit);
        buffer_free(m);
    }
    for (uint32_t length = 0; length < frame.length; length++) {
        struct rte_mbuf *m = buffer_whole(frame.bytes, length, 0);

        CHECK(l3_is_for_another(m, packet_at(m, 0), ~address, mask) == (length >= 14), "%u bytes", length);
        buffer_free(m);
    }
}

// Frames of one IP packet and so many bytes behind it, in one segment or two.
static void trim(uint32_t packet, uint32_t behind, uint32_t cut)
{
    uint32_t longest = 14 + packet > 60 ? 14 + packet : 60;
    struct rte_mbuf *m;
    int verdict;

    frame.length = 0;
    memset(frame_append(&frame, 14 + packet), 0x55, 14 + packet);
    memset(frame_append(&frame, behind), 0xaa, behind);
    m = buffer_create(frame.bytes, frame.length, 0, &cut, 1);
    verdict = l3_trim(m, packet);
    output.length = buffer_read(m, output.bytes);
    CHECK(buffer_damage(m) == NULL, "%s", buffer_damage(m));
    if (frame.length <= longest || cut >= frame.length || longest > cut) {
        EXPECT(verdict, VERDICT_FORWARD);
        CHECK(output.length == RTE_MIN(frame.length, longest), "%u bytes of %u", output.length, frame.length);
        CHECK(memcmp(output.bytes, frame.bytes, output.length) == 0, "changed");
    } else {
        // An empty segment would be left.
        EXPECT(verdict, VNFKIT_DROP_SCATTERED);
    }
    buffer_free(m);
}

static void what_is_behind_a_packet_is_cut_off_and_padding_is_not(void)
{
    static const uint32_t packets[] = { 20, 28, 45, 46, 47, 576, 1500 };
    static const uint32_t behinds[] = { 0, 1, 4, 18, 26, 27, 46, 100, 1500, 9000 };

    for (size_t i = 0; i < sizeof packets / sizeof packets[0]; i++)
        for (size_t k = 0; k < sizeof behinds / sizeof behinds[0]; k++) {
            trim(packets[i], behinds[k], 14 + packets[i] + behinds[k] + 1);
            trim(packets[i], behinds[k], 34);
            if (behinds[k] > 4)
                trim(packets[i], behinds[k], 14 + packets[i] + behinds[k] - 4);
        }
}

static void jumbograms_are_dropped(void)
{
    frame_ethernet(&frame, 0x86dd);
    frame_ipv6(&frame, 0, 0);
    EXPECT(l3_verdict(), VNFKIT_DROP_IP_HEADER);
    frame_payload(&frame, 2000);
    EXPECT(l3_verdict(), VNFKIT_DROP_IP_HEADER);
    frame_routed_ipv6(&frame, 0);
    EXPECT(l3_verdict(), VERDICT_FORWARD);
    frame_ethernet(&frame, 0x86dd);
    frame_ipv6(&frame, 0, 8);
    frame_payload(&frame, 8);
    EXPECT(l3_verdict(), VERDICT_FORWARD);
}

static void l2fwd_changes_the_addresses_only(void)
{
    static const uint8_t set_source[6] = { 2, 1, 1, 1, 1, 1 };
    static const uint8_t set_destination[6] = { 2, 2, 2, 2, 2, 2 };
    struct vnfkit_l2fwd_config config = { 0 };

    memcpy(config.source, set_source, 6);
    memcpy(config.destination, set_destination, 6);
    frame_routed_ipv4(&frame, 26, 0);
    for (config.source_rule = 0; config.source_rule < 3; config.source_rule++)
        for (config.destination_rule = 0; config.destination_rule < 3; config.destination_rule++) {
            const uint8_t *sources[] = { frame.bytes + 6, set_source, frame.bytes };
            const uint8_t *destinations[] = { frame.bytes, set_destination, frame.bytes + 6 };

            for (uint32_t length = 0; length <= frame.length; length++)
                EXPECT(l2_verdict(&config, length, 0), length < 14 ? (int)VNFKIT_DROP_TRUNCATED : VERDICT_FORWARD);
            CHECK(memcmp(output.bytes, destinations[config.destination_rule], 6) == 0, "destination");
            CHECK(memcmp(output.bytes + 6, sources[config.source_rule], 6) == 0, "source");
            CHECK(memcmp(output.bytes + 12, frame.bytes + 12, frame.length - 12) == 0, "another byte");
            for (uint32_t cut = 1; cut < frame.length; cut++)
                EXPECT(l2_verdict(&config, frame.length, cut),
                    cut < 14 ? (int)VNFKIT_DROP_SCATTERED : VERDICT_FORWARD);
        }
}

static void packets_of_several_owners_stay_as_they_are(void)
{
    const struct vnfkit_l2fwd_config config = { .source_rule = VNFKIT_MAC_SET };
    struct rte_mbuf_ext_shared_info shared = { 0 };
    struct rte_mbuf *m;

    frame_routed_ipv4(&frame, 26, 0);
    m = buffer_whole(frame.bytes, frame.length, 0);
    EXPECT(packet_require_own(m), VERDICT_FORWARD);
    rte_mbuf_refcnt_set(m, 2);
    EXPECT(packet_require_own(m), VNFKIT_DROP_SHARED);
    EXPECT(l2_forward(m, &config), VNFKIT_DROP_SHARED);
    rte_mbuf_refcnt_set(m, 1);
    m->ol_flags = RTE_MBUF_F_INDIRECT;
    EXPECT(l2_forward(m, &config), VNFKIT_DROP_SHARED);
    // A clone of a packet in external memory counts its owners there, not in the mbuf.
    m->ol_flags = RTE_MBUF_F_EXTERNAL;
    m->shinfo = &shared;
    rte_mbuf_ext_refcnt_set(&shared, 2);
    EXPECT(l2_forward(m, &config), VNFKIT_DROP_SHARED);
    CHECK(memcmp(m->buf_addr, frame.bytes, frame.length) == 0, "changed, then dropped");
    rte_mbuf_ext_refcnt_set(&shared, 1);
    EXPECT(l2_forward(m, &config), VERDICT_FORWARD);
    buffer_free(m);
}

int main(void)
{
    ipv4_is_forwarded_with_options_padding_and_in_jumbo_frames();
    the_longest_packet_is_forwarded_in_segments();
    ipv4_headers_are_checked();
    ipv4_addresses_are_checked();
    every_wrong_bit_of_an_ipv4_header_is_found();
    the_checksum_follows_the_time_to_live();
    sums_agree();
    ipv6_headers_are_checked();
    other_frames_are_not_routed();
    routed_frames_of_every_length_and_cut();
    frames_of_other_stations_are_told_from_own_ones();
    what_is_behind_a_packet_is_cut_off_and_padding_is_not();
    jumbograms_are_dropped();
    l2fwd_changes_the_addresses_only();
    packets_of_several_owners_stay_as_they_are();
    return check_result("packet_test");
}
