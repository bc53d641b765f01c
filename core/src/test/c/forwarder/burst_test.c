// SPDX-License-Identifier: Apache-2.0
// l2fwd and l3fwd on whole bursts. They take four packets at once where they can, and never where a burst is one
// packet: whatever a burst is made of, the same must come of it both ways, byte by byte and count by count.
#include "burst_kinds.h"
#include "four_model.h"

// There is no pool that a packet could go back to; the test keeps those that are dropped.
static void take_dropped(struct rte_mbuf *m);
#define rte_pktmbuf_free take_dropped
#include "function_l2fwd.c"
#include "function_l3fwd.c"
#undef rte_pktmbuf_free

#define LONGEST 64u
#define OUTPUTS 3u
#define HOPS 4u
#define GROUPS 16u
#define RING_SIZE 128u

struct packet {
    struct rte_mbuf *m;
    struct rte_mbuf_ext_shared_info shared;
    int place;                    // of the output it went to, in the order there; -1 while unknown
    int output;                   // -1: dropped
};

struct run {
    struct task task;
    struct vnfkit_task_statistics statistics;
    struct packet packets[LONGEST];
    uint32_t dropped;
};

struct settings {
    int verify_checksum;
    int any_station;
    int without_ipv4;
    int without_ipv6;
};

static struct run runs[2];
static struct run *running;
static struct route_table ipv4, ipv6;
static struct next_hops *next_hops;

static void take_dropped(struct rte_mbuf *m)
{
    for (uint32_t i = 0; i < LONGEST; i++)
        if (running->packets[i].m == m) {
            CHECK(running->packets[i].place < 0, "packet %u is dropped twice", i);
            running->packets[i].place = 0;
            running->dropped++;
            return;
        }
    CHECK(0, "an unknown packet is dropped");
}

static void build_packet(struct packet *packet, enum kind kind, uint32_t payload)
{
    uint32_t cut = build_frame(kind, payload);
    struct rte_mbuf *m = buffer_create(frame.bytes, frame.length, 2, &cut, 1);

    packet->m = m;
    packet->place = -1;
    packet->output = -1;
    if (kind == TWO_OWNERS)
        rte_mbuf_refcnt_set(m, 2);
    if (kind == INDIRECT)
        m->ol_flags = RTE_MBUF_F_INDIRECT;
    if (kind == EXTERNAL || kind == EXTERNAL_SHARED) {
        m->ol_flags = RTE_MBUF_F_EXTERNAL;
        m->shinfo = &packet->shared;
        rte_mbuf_ext_refcnt_set(m->shinfo, kind == EXTERNAL ? 1 : 2);
    }
}

static struct rte_ring *make_ring(void)
{
    struct rte_ring *ring = aligned_alloc(RTE_CACHE_LINE_SIZE, (size_t)rte_ring_get_memsize(RING_SIZE));

    rte_ring_init(ring, "ring", RING_SIZE, RING_F_SP_ENQ | RING_F_SC_DEQ);
    return ring;
}

static void make_runs(void)
{
    for (uint32_t r = 0; r < 2; r++) {
        runs[r].task.inputs[0].ring = make_ring();
        for (uint32_t i = 0; i < OUTPUTS; i++)
            runs[r].task.outputs[i].ring = make_ring();
    }
}

static void make_table(struct route_table *table, uint32_t address_bytes)
{
    route_table_init(table, address_bytes, GROUPS, calloc(ROUTE_TABLE_FIRST, 4), calloc(GROUPS, 4 * ROUTE_TABLE_GROUP),
        calloc(2 * GROUPS, 4));
}

static void make_tables(void)
{
    static const struct vnfkit_route routes[] = {
        { .address = { 203, 0, 113 }, .depth = 24, .next_hop = 0 },
        { .address = { 1, 51 }, .depth = 16, .next_hop = 0 },
        { .address = { 198, 51 }, .depth = 16, .next_hop = 1 },
        { .address = { 203, 0, 114, 5 }, .depth = 32, .next_hop = 2 },
        { .address = { 100, 64 }, .depth = 16, .next_hop = 3 },
        { .address = { 100, 65 }, .depth = 16, .next_hop = HOPS },
    };
    static const struct vnfkit_route route6 = {
        .address = { 0x20, 0x01, 0x0d, 0xb8, 0, 2 }, .depth = 48, .next_hop = 1 };

    make_table(&ipv4, 4);
    make_table(&ipv6, 16);
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++)
        CHECK(route_table_apply(&ipv4, &routes[i]) == 0, "route %zu", i);
    CHECK(route_table_apply(&ipv6, &route6) == 0, "route of IPv6");
    next_hops = calloc(1, sizeof *next_hops + HOPS * sizeof next_hops->hops[0]);
    next_hops->capacity = HOPS;
    for (uint32_t i = 0; i < HOPS; i++)
        next_hops->hops[i] = (struct vnfkit_next_hop){
            .destination = { 2, 0xaa, 0, 0, 0, (uint8_t)i }, .source = { 2, 0xbb, 0, 0, 0, (uint8_t)i },
            .output = (uint16_t)(i < OUTPUTS ? i : OUTPUTS) };
}

static void set_default_route(int is_wanted)
{
    const struct vnfkit_route route = { .depth = 0, .next_hop = 1 };
    const struct vnfkit_route removal = { .depth = 0, .remove = 1, .next_hop = VNFKIT_NO_NEXT_HOP };

    CHECK(route_table_apply(&ipv4, is_wanted ? &route : &removal) == 0, "default route");
}

static void set_up(struct run *run, const struct settings *settings, uint32_t burst)
{
    static const uint8_t station[8] = { 2, 0, 0, 0, 0, 1 };
    static const uint8_t mask[8] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
    static const uint32_t mtus[OUTPUTS] = { 1500, 100, 0 };
    struct task *task = &run->task;

    memset(&run->statistics, 0, sizeof run->statistics);
    run->dropped = 0;
    task->statistics = &run->statistics;
    task->burst = burst;
    task->input_count = 1;
    task->output_count = OUTPUTS;
    task->transmit_tries = 1;
    task->shortest_mtu = mtus[1];
    task->ipv4_routes = settings->without_ipv4 ? NULL : &ipv4;
    task->ipv6_routes = settings->without_ipv6 ? NULL : &ipv6;
    task->next_hops = next_hops;
    task->config.l3fwd.verify_checksum = (uint32_t)settings->verify_checksum;
    memset(&task->inputs[0].station, 0, sizeof task->inputs[0].station);
    if (!settings->any_station) {
        memcpy(&task->inputs[0].station.address, station, 8);
        memcpy(&task->inputs[0].station.mask, mask, 8);
    }
    for (uint32_t i = 0; i < OUTPUTS; i++)
        task->outputs[i].mtu = mtus[i];
}

static void collect(struct run *run, uint32_t packet_count)
{
    for (uint32_t output = 0; output < OUTPUTS; output++) {
        struct rte_mbuf *m;

        for (int place = 0; rte_ring_dequeue(run->task.outputs[output].ring, (void **)&m) == 0; place++) {
            uint32_t i = 0;

            while (i < packet_count && run->packets[i].m != m)
                i++;
            CHECK(i < packet_count && run->packets[i].place < 0, "a packet is sent that is not there");
            run->packets[i].place = place;
            run->packets[i].output = (int)output;
        }
        CHECK(run->task.outputs[output].count == 0, "packets are left behind");
    }
}

static void do_run(struct run *run, void (*step)(struct task *), const enum kind *kinds, uint32_t packet_count)
{
    running = run;
    for (uint32_t i = 0; i < packet_count; i++) {
        build_packet(&run->packets[i], kinds[i], 8 + i % 5);
        rte_ring_enqueue(run->task.inputs[0].ring, run->packets[i].m);
    }
    for (uint32_t i = 0; i < packet_count; i += run->task.burst)
        step(&run->task);
    collect(run, packet_count);
}

static void check_same_packet(const struct packet *one, const struct packet *other, enum kind kind, uint32_t at)
{
    static uint8_t bytes[2][FRAME_CAPACITY];
    uint32_t length = buffer_read(one->m, bytes[0]);

    CHECK(one->place >= 0, "packet %u, kind %d, has gone", at, (int)kind);
    CHECK(one->output == other->output && one->place == other->place,
        "packet %u, kind %d: output %d place %d, alone %d %d", at, (int)kind, one->output, one->place, other->output,
        other->place);
    CHECK(length == buffer_read(other->m, bytes[1]) && memcmp(bytes[0], bytes[1], length) == 0,
        "packet %u, kind %d: other bytes", at, (int)kind);
    CHECK(buffer_damage(one->m) == NULL && one->m->nb_segs == other->m->nb_segs
            && one->m->data_len == other->m->data_len && one->m->data_off == other->m->data_off
            && one->m->ol_flags == other->m->ol_flags, "packet %u, kind %d: another mbuf", at, (int)kind);
}

static void check_same_counts(void)
{
    const struct vnfkit_task_statistics *one = &runs[0].statistics;
    const struct vnfkit_task_statistics *other = &runs[1].statistics;

    CHECK(one->received == other->received && one->received_bytes == other->received_bytes && one->sent == other->sent,
        "counters");
    CHECK(memcmp(one->drops, other->drops, sizeof one->drops) == 0, "reasons");
    CHECK(runs[0].dropped == runs[1].dropped, "%u dropped, alone %u", runs[0].dropped, runs[1].dropped);
}

// Once in one burst, once one after the other.
static void compare(
    void (*step)(struct task *), const struct settings *settings, const enum kind *kinds, uint32_t packet_count)
{
    set_up(&runs[0], settings, LONGEST);
    set_up(&runs[1], settings, 1);
    for (uint32_t r = 0; r < 2; r++)
        do_run(&runs[r], step, kinds, packet_count);
    for (uint32_t i = 0; i < packet_count; i++)
        check_same_packet(&runs[0].packets[i], &runs[1].packets[i], kinds[i], i);
    check_same_counts();
    for (uint32_t r = 0; r < 2; r++)
        for (uint32_t i = 0; i < packet_count; i++) {
            buffer_free(runs[r].packets[i].m);
            runs[r].packets[i].m = NULL;
        }
}

static void every_kind_at_every_place(void (*step)(struct task *), const struct settings *settings)
{
    enum kind kinds[LONGEST];

    for (uint32_t kind = 0; kind < KINDS; kind++)
        for (uint32_t place = 0; place < 11; place++) {
            for (uint32_t i = 0; i < LONGEST; i++)
                kinds[i] = i == place ? (enum kind)kind : PLAIN;
            compare(step, settings, kinds, 11);
        }
}

// From bursts of which nearly all is plain to such of which little is.
static void any_mixture(void (*step)(struct task *), const struct settings *settings, uint64_t *random)
{
    for (uint32_t packet_count = 1; packet_count <= LONGEST; packet_count++)
        for (uint32_t odd = 1; odd <= 64; odd *= 4) {
            enum kind kinds[LONGEST];

            for (uint32_t i = 0; i < packet_count; i++)
                kinds[i] = random_below(random, odd) != 0 ? (enum kind)random_below(random, OPTIONS)
                                                          : (enum kind)random_below(random, KINDS);
            compare(step, settings, kinds, packet_count);
        }
}

static void a_kind_is_dropped_for_its_reason(enum kind kind, int reason)
{
    const struct settings settings = { .verify_checksum = 1 };
    const enum kind kinds[] = { PLAIN, PLAIN, kind, PLAIN };

    compare(l3fwd_step, &settings, kinds, 4);
    CHECK(runs[0].statistics.sent == (reason == VERDICT_FORWARD ? 4u : 3u), "kind %d: %llu sent", (int)kind,
        (unsigned long long)runs[0].statistics.sent);
    if (reason != VERDICT_FORWARD)
        CHECK(runs[0].statistics.drops[reason] == 1, "kind %d: not for %d", (int)kind, reason);
}

static void kinds_are_what_they_are_called(void)
{
    static const struct {
        enum kind from, to;
        int reason;
    } reasons[] = {
        { PLAIN, LONG_PREFIX, VERDICT_FORWARD }, { DEFAULT_ROUTE, DEFAULT_ROUTE, VNFKIT_DROP_NO_ROUTE },
        { PADDED, EXTERNAL, VERDICT_FORWARD }, { OTHER_HOST, OTHER_HOST, VNFKIT_DROP_OTHER_HOST },
        { GROUP, GROUP, VNFKIT_DROP_MULTICAST }, { ARP, ARP, VNFKIT_DROP_ETHERTYPE },
        { IP_VERSION, IP_VERSION, VNFKIT_DROP_IP_VERSION }, { SHORT_HEADER, SHORT_TOTAL, VNFKIT_DROP_IP_HEADER },
        { LONG_TOTAL, LONG_TOTAL, VNFKIT_DROP_TRUNCATED }, { CHECKSUM, CHECKSUM, VNFKIT_DROP_IP_CHECKSUM },
        { HOPS_0, HOPS_1, VNFKIT_DROP_TTL }, { SOURCE_0, TO_127, VNFKIT_DROP_MARTIAN },
        { TO_224, TO_224, VNFKIT_DROP_MULTICAST }, { TO_240, TO_255, VNFKIT_DROP_MARTIAN },
        { NO_OUTPUT, NO_HOP, VNFKIT_DROP_NO_ROUTE }, { TOO_BIG, TOO_BIG, VNFKIT_DROP_TOO_BIG },
        { LENGTH_13, LENGTH_33, VNFKIT_DROP_TRUNCATED }, { CUT_13, TRAILER_CUT, VNFKIT_DROP_SCATTERED },
        { TWO_OWNERS, EXTERNAL_SHARED, VNFKIT_DROP_SHARED },
    };

    set_default_route(0);
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        for (uint32_t kind = reasons[i].from; kind <= (uint32_t)reasons[i].to; kind++)
            a_kind_is_dropped_for_its_reason((enum kind)kind, reasons[i].reason);
}

// Otherwise nothing would be compared above.
static void plain_packets_are_taken_at_once(void)
{
    const struct l3_rules rules = l3_rules(0, 0, 100, 1);

    for (uint32_t kind = PLAIN; kind < KINDS; kind++)
        for (uint32_t place = 0; place < FOUR; place++) {
            struct packet packet;
            struct four_model model;

            build_packet(&packet, (enum kind)kind, 8);
            model = four_model_create(packet.m, place);
            if (kind < OPTIONS)
                CHECK(four_model_forward(&model, &rules, &next_hops->hops[0]) == 1, "kind %u is not taken", kind);
            else if (kind != OTHER_HOST && kind != NO_OUTPUT && kind != NO_HOP)
                CHECK(four_model_forward(&model, &rules, &next_hops->hops[0]) == 0, "kind %u is taken", kind);
            four_model_free(&model);
        }
}

// The default route and the longest prefixes, too, whichever stand side by side.
static void addresses_are_looked_up_at_once(uint64_t *random)
{
    static const uint8_t addresses[][4] = { { 203, 0, 113, 9 }, { 198, 51, 7, 7 }, { 203, 0, 114, 5 },
        { 203, 0, 114, 4 }, { 8, 8, 8, 8 }, { 100, 64, 1, 1 } };

    for (uint32_t i = 0; i < 10000; i++) {
        uint8_t frames[FOUR][ETHERNET_SIZE + IPV4_SIZE];
        struct l3_four four;
        uint32_t entries[FOUR];

        set_default_route(i % 2 == 0);
        for (uint32_t k = 0; k < FOUR; k++) {
            four.data[k] = frames[k];
            memcpy(frames[k] + 30, addresses[random_below(random, sizeof addresses / sizeof addresses[0])], 4);
        }
        l3_four_begin_lookup(&four, ipv4.first, ipv4.groups);
        l3_four_finish_lookup(&four, &ipv4, entries);
        for (uint32_t k = 0; k < FOUR; k++) {
            uint32_t expected = route_table_lookup(&ipv4, frames[k] + 30);
            uint32_t actual = entries[k] & ROUTE_VALID ? entries[k] & ROUTE_VALUE : ROUTE_NONE;

            CHECK(actual == expected, "next hop %u instead of %u", actual, expected);
        }
    }
}

static void routed_bursts(uint64_t *random)
{
    for (uint32_t bits = 0; bits < 32; bits++) {
        const struct settings settings = { .verify_checksum = bits & 1, .any_station = bits >> 1 & 1,
            .without_ipv4 = (bits >> 3) == 3, .without_ipv6 = (bits >> 3) == 2 };

        set_default_route(bits >> 2 & 1);
        if (bits >> 3 == 0)
            every_kind_at_every_place(l3fwd_step, &settings);
        any_mixture(l3fwd_step, &settings, random);
    }
}

static void bursts_with_new_addresses(uint64_t *random)
{
    const struct settings settings = { 0 };

    for (uint32_t rules = 0; rules < 9; rules++) {
        const struct vnfkit_l2fwd_config config = { .source_rule = rules % 3, .destination_rule = rules / 3,
            .source = { 2, 1 }, .destination = { 2, 2 } };

        for (uint32_t r = 0; r < 2; r++)
            runs[r].task.rewrite = l2_prepare(&config);
        any_mixture(l2fwd_step, &settings, random);
    }
    every_kind_at_every_place(l2fwd_step, &settings);
}

int main(void)
{
    uint64_t random = 5;

    make_runs();
    make_tables();
    kinds_are_what_they_are_called();
    plain_packets_are_taken_at_once();
    addresses_are_looked_up_at_once(&random);
    routed_bursts(&random);
    bursts_with_new_addresses(&random);
    return check_result("burst_test");
}
