// SPDX-License-Identifier: Apache-2.0
// Fuzzes the packet functions, to be built with sanitizers.
//
// Promises that are checked beside memory safety: a packet that is dropped was not changed; one that goes on is a whole
// packet with the bytes that a slow and simple way gives; how it lies in segments changes nothing but that it may be
// refused for it; among four packets that are routed at once it becomes what it becomes alone.
//
// Alone it mutates whole frames from a seed: fuzz_packet [SEED [ROUNDS]]. With clang -fsanitize=fuzzer -DLIBFUZZER it
// takes its input from there; fuzz_packet examples DIRECTORY writes frames to start from.
#include "balance.h"
#include "four_model.h"
#include "gateway.h"
#include "l2.h"

#define MAX_FRAME 4096u

enum operation { L2_FORWARD, L3_FORWARD, UPSTREAM, DOWNSTREAM, BALANCE, OPERATIONS };

// What comes before the frame in an input.
struct choices {
    uint8_t operation;
    uint8_t headroom;             // in words of 2 bytes
    uint8_t cuts[4];              // two places, big-endian
    uint8_t mtu[2];               // 0 is none
    uint8_t options;              // label, end of the tunnel, verification, key of the balancer
    uint8_t shared;
};

static struct frame expected;
static uint8_t output[2][FRAME_CAPACITY];
static uint32_t output_length[2];
static uint64_t forwarded[OPERATIONS];
static uint64_t taken_in_fours;

static void fail(const char *what)
{
    fprintf(stderr, "fuzz_packet: %s\n", what);
    abort();
}

static int route(struct rte_mbuf *m, const struct choices *choices)
{
    const struct vnfkit_next_hop hop = gateway_hop();
    void *data = rte_pktmbuf_mtod(m, void *);
    enum l3_family family;
    int verdict = l3_check(m, data, choices->options & 4, &family);

    if (verdict == VERDICT_FORWARD)
        verdict = packet_require_own(m);
    if (verdict != VERDICT_FORWARD)
        return verdict;
    if (l3_network_length(data, family) > m->pkt_len - ETHERNET_SIZE)
        fail("longer than it is");
    verdict = l3_trim(m, l3_network_length(data, family));
    if (verdict != VERDICT_FORWARD)
        return verdict;
    l3_rewrite(data, family, &hop);
    return verdict;
}

static int change_addresses(struct rte_mbuf *m, const struct choices *choices)
{
    const struct vnfkit_l2fwd_config config = {
        .source_rule = choices->options % 3u, .destination_rule = choices->options / 3u % 3 };

    return l2_forward(m, &config);
}

static int balance(const struct rte_mbuf *m, const struct choices *choices)
{
    const uint8_t *data = rte_pktmbuf_mtod(m, const uint8_t *);
    uint32_t count = choices->headroom % VNFKIT_MAX_ENDPOINTS + 1u;
    uint32_t hashes[2] = { 0, 1 };
    int verdict = balance_hash(m, data, choices->options % 3u, &hashes[0]);

    if (verdict != balance_hash(m, data, choices->options % 3u, &hashes[1]))
        fail("two verdicts");
    if (verdict == VERDICT_FORWARD && (hashes[0] != hashes[1] || balance_choose(hashes[0], count) >= count))
        fail("no one output");
    return verdict;
}

static int operate(struct rte_mbuf *m, const struct choices *choices)
{
    const struct vnfkit_bng_config config = gateway_config(choices->options & 1, choices->options & 2);
    uint32_t mtu = read16(choices->mtu);

    switch (choices->operation % OPERATIONS) {
    case L2_FORWARD:
        return change_addresses(m, choices);
    case L3_FORWARD:
        return route(m, choices);
    case UPSTREAM:
        return gateway_upstream(m, choices->options & 1, mtu);
    case DOWNSTREAM:
        return gateway_downstream(m, &config, mtu);
    default:
        return balance(m, choices);
    }
}

static struct rte_mbuf *build_packet(const struct choices *choices, const uint8_t *frame, uint32_t length, int is_cut)
{
    const uint32_t cuts[] = { read16(choices->cuts), read16(choices->cuts + 2) };
    struct rte_mbuf *m = buffer_create(frame, length, 2u * choices->headroom, cuts, is_cut ? 2 : 0);

    if (choices->shared == 1)
        rte_mbuf_refcnt_set(m, 2);
    if (choices->shared == 2 && m->next != NULL)
        rte_mbuf_refcnt_set(m->next, 2);
    return m;
}

// Of a packet that has this verdict, and became what is in output.
static void check_in_four(const struct choices *choices, const uint8_t *frame, uint32_t length, int is_cut, int verdict)
{
    static uint8_t bytes[FRAME_CAPACITY];
    const struct vnfkit_next_hop hop = gateway_hop();
    uint32_t chosen = read16(choices->mtu);
    uint32_t mtu = chosen == 0 ? INT32_MAX : RTE_MAX(chosen, FOUR_MODEL_NEIGHBOUR_LENGTH);
    const struct l3_rules rules = l3_rules(0, 0, mtu, choices->options & 4);
    struct rte_mbuf *m = build_packet(choices, frame, length, is_cut);
    struct four_model model = four_model_create(m, choices->headroom % FOUR);
    int expected_taken = four_model_takes(m, verdict, mtu);
    uint32_t actual_length;

    if (four_model_forward(&model, &rules, &hop) != expected_taken)
        fail("a four is not taken for what it is");
    actual_length = buffer_read(m, bytes);
    if (expected_taken && (actual_length != output_length[is_cut] || memcmp(bytes, output[is_cut], actual_length) != 0))
        fail("four at once become something else");
    if (!expected_taken && (actual_length != length || memcmp(bytes, frame, length) != 0))
        fail("changed in a four that is not taken");
    taken_in_fours += (uint64_t)expected_taken;
    four_model_free(&model);
}

// Builds the packet, once in one segment and once as chosen, lets it be worked on and keeps what comes out.
static int run(const struct choices *choices, const uint8_t *frame, uint32_t length, int is_cut)
{
    struct rte_mbuf *m = build_packet(choices, frame, length, is_cut);
    const char *damage;
    int verdict;

    verdict = operate(m, choices);
    damage = buffer_damage(m);
    if (damage != NULL)
        fail(damage);
    output_length[is_cut] = buffer_read(m, output[is_cut]);
    buffer_free(m);
    if (verdict < VERDICT_FORWARD || verdict >= VNFKIT_DROP_REASONS)
        fail("a verdict that is none");
    if (verdict != VERDICT_FORWARD
            && (output_length[is_cut] != length || memcmp(output[is_cut], frame, length) != 0))
        fail("changed, then dropped");
    if (choices->operation % OPERATIONS == L3_FORWARD)
        check_in_four(choices, frame, length, is_cut, verdict);
    return verdict;
}

static void check_routed(const struct choices *choices, const uint8_t *frame, uint32_t length)
{
    uint8_t *header = output[0] + 14;
    int is_ipv4 = read16(frame + 12) == 0x0800;
    uint32_t size = naive_header_size(header);
    uint32_t network = is_ipv4 ? read16(frame + 16) : 40 + read16(frame + 18);
    uint32_t longest = 14 + network > 60 ? 14 + network : 60;

    if (output_length[0] != (length < longest ? length : longest))
        fail("another length");
    if (is_ipv4 && (header[8] == 0 || header[8] != frame[14 + 8] - 1))
        fail("time to live");
    if (is_ipv4 && ((choices->options & 4) || naive_sum(frame + 14, size) == 0xffff) && naive_sum(header, size) != 0xffff)
        fail("checksum");
    if (!is_ipv4 && (header[7] == 0 || header[7] != frame[14 + 7] - 1))
        fail("hop limit");
    if (is_ipv4) {
        header[8]++;
        memcpy(header + 10, frame + 14 + 10, 2);
    } else {
        header[7]++;
    }
    if (memcmp(output[0] + 12, frame + 12, output_length[0] - 12) != 0)
        fail("another byte");
}

static void check_expected(uint32_t mtu)
{
    uint32_t headers = read16(expected.bytes + 12) == 0x88a8 ? 22 : 14;

    if (output_length[0] != expected.length || memcmp(output[0], expected.bytes, expected.length) != 0)
        fail("not what the simple way gives");
    if (mtu != 0 && expected.length - headers > mtu)
        fail("longer than the MTU");
}

// What went upstream is taken apart again, unless it has had its last hop.
static void check_way_back(const struct choices *choices)
{
    const struct vnfkit_bng_config config = gateway_config(choices->options & 1, 1);
    struct rte_mbuf *m = buffer_whole(output[0], output_length[0], 0);
    uint32_t inner = 42 + 4 * (choices->options & 1u);
    int verdict = gateway_downstream(m, &config, 0);

    if (verdict != (output[0][inner + 8] == 1 ? (int)VNFKIT_DROP_TTL : VERDICT_FORWARD))
        fail("it does not come back");
    if (verdict == VERDICT_FORWARD) {
        expect_downstream(&expected, output[0] + inner);
        output_length[0] = buffer_read(m, output[0]);
        check_expected(0);
    }
    buffer_free(m);
}

static uint32_t naive_inner_offset(const uint8_t *frame, int with_label)
{
    uint32_t outer = with_label ? 18 : 14;

    return outer + naive_header_size(frame + outer) + 8;
}

static void check_forwarded(const struct choices *choices, const uint8_t *frame, uint32_t length)
{
    int with_label = choices->options & 1;

    switch (choices->operation % OPERATIONS) {
    case L2_FORWARD:
        if (output_length[0] != length || memcmp(output[0] + 12, frame + 12, length - 12) != 0)
            fail("another byte");
        return;
    case L3_FORWARD:
        check_routed(choices, frame, length);
        return;
    case UPSTREAM:
        expect_upstream(&expected, frame, with_label);
        check_expected(read16(choices->mtu));
        check_way_back(choices);
        return;
    case DOWNSTREAM:
        expect_downstream(&expected, frame + naive_inner_offset(frame, with_label));
        check_expected(read16(choices->mtu));
        return;
    default:
        if (output_length[0] != length || memcmp(output[0], frame, length) != 0)
            fail("the balancer changed it");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct choices choices;
    const uint8_t *frame = bytes + sizeof choices;
    uint32_t length;
    int whole;
    int cut;

    if (size < sizeof choices || size > sizeof choices + MAX_FRAME)
        return 0;
    memcpy(&choices, bytes, sizeof choices);
    length = (uint32_t)(size - sizeof choices);
    whole = run(&choices, frame, length, 0);
    cut = run(&choices, frame, length, 1);
    if (cut != whole && cut != VNFKIT_DROP_SCATTERED && !(cut == VNFKIT_DROP_SHARED && choices.shared == 2))
        fail("the segments change the verdict");
    if (cut == VERDICT_FORWARD
            && (output_length[0] != output_length[1] || memcmp(output[0], output[1], output_length[0]) != 0))
        fail("the segments change the packet");
    if (whole == VERDICT_FORWARD) {
        forwarded[choices.operation % OPERATIONS]++;
        check_forwarded(&choices, frame, length);
    }
    if (check_failures > 0)
        abort();
    return 0;
}

#ifndef LIBFUZZER

static uint64_t state;

static uint32_t below(uint32_t bound)
{
    return random_below(&state, bound);
}

// A frame that an operation forwards.
static void build_frame(struct frame *frame, uint8_t operation, const struct choices *choices)
{
    uint32_t payload = below(4) == 0 ? below(1500) : below(64);

    if (operation == UPSTREAM || (operation == BALANCE && choices->options % 3 == VNFKIT_BALANCE_VLAN_TAGS))
        frame_upstream(frame, payload, below(3) * below(6));
    else if (operation == DOWNSTREAM || (operation == BALANCE && choices->options % 3 == VNFKIT_BALANCE_GRE_KEY))
        frame_downstream(frame, choices->options & 1, payload, below(3) * below(6), below(3) * below(6));
    else if (below(2) == 0)
        frame_routed_ipv6(frame, payload);
    else
        frame_routed_ipv4(frame, payload, below(3) * below(6));
    if (below(3) == 0)
        frame_append(frame, below(60));
}

// Fields of the headers have few values that matter, and these lie at the ends of their ranges.
static void mutate(struct frame *frame)
{
    uint32_t at = below(3) == 0 ? below(frame->length) : below(RTE_MIN(frame->length, 90u));

    switch (below(5)) {
    case 0:
        frame->bytes[at] ^= (uint8_t)(1 << below(8));
        break;
    case 1:
        frame->bytes[at] = (uint8_t)(below(2) == 0 ? below(3) : 255 - below(3));
        break;
    case 2:
        write16(frame->bytes + at, frame->length - below(64));
        break;
    case 3:
        frame->bytes[at] = (uint8_t)(frame->bytes[at] + (below(2) == 0 ? 1 : -1));
        break;
    default:
        frame->length = RTE_MAX(below(frame->length) + 1, below(frame->length));
    }
}

// Without this a change in an IPv4 header would always end at its checksum.
static void repair_checksums(struct frame *frame, const struct choices *choices)
{
    static const uint32_t offsets[OPERATIONS] = { 14, 14, 22, 14, 14 };
    uint32_t outer = offsets[choices->operation] + (choices->operation == DOWNSTREAM ? 4 * (choices->options & 1u) : 0);

    if (outer + 60 <= frame->length && naive_header_size(frame->bytes + outer) >= 20)
        set_checksum(frame->bytes + outer);
    if (choices->operation != DOWNSTREAM || outer + 60 > frame->length)
        return;
    outer += naive_header_size(frame->bytes + outer) + 8;
    if (outer + 60 <= frame->length && naive_header_size(frame->bytes + outer) >= 20)
        set_checksum(frame->bytes + outer);
}

static size_t build_input(uint8_t *input, struct frame *frame)
{
    struct choices choices = {
        .operation = (uint8_t)below(OPERATIONS),
        .headroom = (uint8_t)(below(4) == 0 ? below(16) : 64),
        .options = (uint8_t)below(256),
        .shared = (uint8_t)(below(8) == 0 ? below(3) : 0),
    };

    build_frame(frame, choices.operation, &choices);
    for (uint32_t n = below(4); n > 0; n--)
        mutate(frame);
    if (below(4) != 0)
        repair_checksums(frame, &choices);
    write16(choices.cuts, below(frame->length + 1));
    write16(choices.cuts + 2, below(2) == 0 ? below(frame->length + 1) : frame->length - below(4));
    write16(choices.mtu, below(3) == 0 ? frame->length - below(60) : 0);
    memcpy(input, &choices, sizeof choices);
    memcpy(input + sizeof choices, frame->bytes, frame->length);
    return sizeof choices + frame->length;
}

// An input on the heap that ends where it ends.
static void try_input(const uint8_t *input, size_t size)
{
    uint8_t *exact = malloc(size);

    memcpy(exact, input, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static int write_examples(const char *directory, uint8_t *input, struct frame *frame)
{
    for (int i = 0; i < 100; i++) {
        size_t size = build_input(input, frame);
        char path[4096];
        FILE *file;

        snprintf(path, sizeof path, "%s/example-%d", directory, i);
        file = fopen(path, "wb");
        if (file == NULL || fwrite(input, 1, size, file) != size || fclose(file) != 0)
            return 1;
    }
    return 0;
}

static int fuzz(uint64_t rounds, uint8_t *input, struct frame *frame)
{
    int is_reached = 1;

    for (uint64_t i = 0; i < rounds; i++)
        try_input(input, build_input(input, frame));
    for (int i = 0; i < OPERATIONS; i++)
        // Less would mean that the frames no longer get through the checks.
        is_reached &= forwarded[i] > rounds / OPERATIONS / 20;
    is_reached &= taken_in_fours > rounds / OPERATIONS / 20;
    printf("fuzz_packet: %llu packets, forwarded by l2fwd %llu, l3fwd %llu (%llu in fours), gateway %llu up %llu down, balancer %llu\n",
        (unsigned long long)rounds, (unsigned long long)forwarded[L2_FORWARD],
        (unsigned long long)forwarded[L3_FORWARD], (unsigned long long)taken_in_fours,
        (unsigned long long)forwarded[UPSTREAM], (unsigned long long)forwarded[DOWNSTREAM], (unsigned long long)forwarded[BALANCE]);
    return !is_reached;
}

int main(int count, char **arguments)
{
    static uint8_t input[sizeof(struct choices) + FRAME_CAPACITY];
    static struct frame frame;

    state = count > 1 ? strtoull(arguments[1], NULL, 0) : 1;
    if (count == 3 && strcmp(arguments[1], "examples") == 0)
        return write_examples(arguments[2], input, &frame);
    return fuzz(count > 2 ? strtoull(arguments[2], NULL, 0) : 1000000, input, &frame);
}

#endif
