// SPDX-License-Identifier: Apache-2.0
// Generator and sink without ports: templates, pace, sequence numbers, latency. Both files are included whole, because
// what is tested has no names outside of them.
#include "function_generator.c"
#include "function_sink.c"

#include "buffer.h"
#include "frame.h"

#define HERTZ 2000000000ull

struct rte_mempool *pool_of(int handle)
{
    (void)handle;
    return NULL;
}

static struct frame frame;

// An IPv4 packet whose destination varies, with a stamp in its last bytes.
static struct vnfkit_template template_of(uint32_t options)
{
    struct vnfkit_template template = { 0 };

    frame_routed_ipv4(&frame, 8 + sizeof(struct vnfkit_stamp), options);
    template.length = (uint16_t)frame.length;
    template.header_length = (uint16_t)(34 + 4 * options + 8);
    template.stamp_offset = template.header_length;
    template.ipv4_offset = 14;
    template.vary_offset = 30;
    memcpy(template.header, frame.bytes, template.header_length);
    return template;
}

static void templates_are_checked(void)
{
    struct vnfkit_template valid = template_of(3);
    struct vnfkit_template template = valid;

    CHECK(template_is_valid(&template), "template");
    template.header_length = VNFKIT_TEMPLATE_SIZE + 1;
    CHECK(!template_is_valid(&template), "header too long");
    template = valid;
    template.length = (uint16_t)(template.header_length - 1);
    CHECK(!template_is_valid(&template), "shorter than its header");
    for (uint32_t offset = 1; offset < 200; offset++) {
        template = valid;
        template.stamp_offset = (uint16_t)offset;
        CHECK(template_is_valid(&template) == (offset == valid.header_length), "stamp at %u", offset);
        template = valid;
        template.vary_offset = (uint16_t)offset;
        CHECK(template_is_valid(&template) == (offset + 4 <= valid.header_length), "word at %u", offset);
    }
    for (uint32_t words = 0; words < 16; words++) {
        template = valid;
        template.header[14] = (uint8_t)(0x40 | words);
        CHECK(template_is_valid(&template) == (words >= 5 && 14 + 4 * words <= valid.header_length), "%u words", words);
    }
    template = valid;
    template.ipv4_offset = (uint16_t)(valid.header_length - 18);
    CHECK(!template_is_valid(&template), "IPv4 header beyond the end");
}

static struct generator *generator_of(const struct vnfkit_template *templates, uint32_t count)
{
    struct generator *generator = calloc(1, sizeof *generator + count * sizeof templates[0]);

    memcpy(generator->templates, templates, count * sizeof templates[0]);
    generator->template_count = count;
    generator->hertz = HERTZ;
    return generator;
}

static void packets_are_built(uint32_t options, uint32_t vary_offset)
{
    struct vnfkit_template template = template_of(options);
    struct task *task = aligned_alloc(64, sizeof *task);
    struct generator *generator;

    memset(task, 0, sizeof *task);
    template.vary_offset = (uint16_t)vary_offset;
    generator = generator_of(&template, 1);
    task->config.generator.stream = 77;
    task->config.generator.flows = 600;
    for (uint32_t i = 0; i < 1300; i++) {
        struct rte_mbuf *m = buffer_whole(frame.bytes, template.length, 0);
        const uint8_t *data = rte_pktmbuf_mtod(m, const uint8_t *);
        struct vnfkit_stamp stamp;

        build(task, generator, m, 1000 + i);
        CHECK(m->pkt_len == template.length && m->data_len == template.length, "%u bytes", m->pkt_len);
        CHECK(read32(data + vary_offset) == read32(template.header + vary_offset) + i % 600, "flow");
        CHECK(naive_sum(data + 14, 20 + 4 * options) == 0xffff, "checksum of packet %u", i);
        CHECK(read_stamp(m, &stamp), "no stamp");
        CHECK(stamp.stream == 77 && stamp.sequence == i && stamp.tsc == 1000 + i, "stamp of packet %u", i);
        buffer_free(m);
    }
    free(generator);
    free(task);
}

// Polls at uneven times, for a second and more.
static void the_pace_is_kept(uint32_t unit, uint64_t rate, double packets_per_second)
{
    const struct vnfkit_template templates[] = { template_of(0), template_of(5) };
    struct generator *generator = generator_of(templates, 2);
    struct task task = { .generator = generator };
    uint64_t random = 1;
    uint64_t now = HERTZ;
    uint64_t sent = 0;
    uint64_t start;

    CHECK(generator_set_rate(&task, unit, rate) == 0, "rate");
    due_packets(generator, 32, now);
    start = now;
    while (now < start + HERTZ) {
        uint32_t due;

        now += random_below(&random, 20000);
        due = due_packets(generator, 32, now);
        CHECK(due <= 32, "%u due", due);
        generator->next_template = (generator->next_template + due) % 2;
        sent += due;
    }
    CHECK((double)sent > packets_per_second * 0.999 - 2 && (double)sent < packets_per_second * 1.001 + 2,
        "%llu packets instead of %.0f", (unsigned long long)sent, packets_per_second);
    // After a second without a poll only so much is made up for.
    now += HERTZ;
    sent = 0;
    for (uint32_t due = 32; due == 32; sent += due)
        due = due_packets(generator, 32, now);
    CHECK((double)sent <= packets_per_second * CATCH_UP_MICROSECONDS / 1e6 + 2, "%llu at once", (unsigned long long)sent);
    free(generator);
}

// Polls every so many cycles for a while, and says how many packets were due.
static uint64_t poll_for(struct generator *generator, uint64_t *now, uint64_t cycles)
{
    uint64_t end = *now + cycles;
    uint64_t sent = 0;

    for (; *now < end; *now += 200) {
        uint32_t due = due_packets(generator, 32, *now);

        generator->next_template = (generator->next_template + due) % generator->template_count;
        sent += due;
    }
    return sent;
}

#define EXPECT_SENT(sent, least, most) \
    CHECK((sent) >= (least) && (sent) <= (most), "%llu packets", (unsigned long long)(sent))

// From every rate to every other: at once, and with no more than the new rate allows and one packet of the old one.
static void a_change_of_the_pace_counts_at_once(void)
{
    static const struct {
        uint32_t unit;
        uint64_t rate;
        double packets_per_second;
    } paces[] = {
        { VNFKIT_RATE_PACKETS, 1, 1 }, { VNFKIT_RATE_PACKETS, 1000, 1e3 }, { VNFKIT_RATE_PACKETS, 5000000, 5e6 },
        // Frames of 58 bytes and 24 more on the wire.
        { VNFKIT_RATE_BITS, 656, 1 }, { VNFKIT_RATE_BITS, 656000000, 1e6 }, { VNFKIT_RATE_UNLIMITED, 0, 0 },
    };
    const size_t count = sizeof paces / sizeof paces[0];
    const struct vnfkit_template template = template_of(0);

    for (size_t from = 0; from < count; from++)
        for (size_t to = 0; to < count - 1; to++) {
            struct generator *generator = generator_of(&template, 1);
            struct task task = { .generator = generator };
            double expected = paces[to].packets_per_second / 100;
            uint64_t now = HERTZ;
            uint64_t sent;

            generator_set_rate(&task, paces[from].unit, paces[from].rate);
            poll_for(generator, &now, HERTZ / 10);
            generator_set_rate(&task, paces[to].unit, paces[to].rate);
            sent = poll_for(generator, &now, HERTZ / 100);
            EXPECT_SENT(sent, (uint64_t)(expected * 0.99), (uint64_t)(expected * 1.01) + 1);
            free(generator);
        }
}

static void many_changes_of_a_low_pace_send_no_more_than_it(void)
{
    const struct vnfkit_template template = template_of(0);
    struct generator *generator = generator_of(&template, 1);
    struct task task = { .generator = generator };
    uint64_t now = HERTZ;
    uint64_t sent = 0;

    for (uint32_t i = 0; i < 1000; i++) {
        generator_set_rate(&task, VNFKIT_RATE_PACKETS, 10 + i % 2);
        sent += poll_for(generator, &now, HERTZ / 1000);
    }
    EXPECT_SENT(sent, 10, 12);
    free(generator);
}

static void the_first_packets_are_no_burst(void)
{
    const struct vnfkit_template template = template_of(0);
    struct generator *generator = generator_of(&template, 1);
    struct task task = { .generator = generator };

    generator_set_rate(&task, VNFKIT_RATE_PACKETS, 10000000);
    CHECK(due_packets(generator, 32, HERTZ) == 1, "a burst");
    free(generator);
}

static void buckets_are_in_order(void)
{
    uint32_t last = 0;

    for (uint64_t value = 0; value < 1u << 20; value++) {
        uint32_t at = bucket(value);

        CHECK(at == last || at == last + 1, "bucket %u after %u", at, last);
        CHECK(value >= 32 || at == value, "bucket %u of %u", at, (uint32_t)value);
        last = at;
    }
    for (uint32_t exponent = 5; exponent < 64; exponent++) {
        uint32_t at = bucket(1ull << exponent);

        CHECK(at == RTE_MIN(32 * (exponent - 4), VNFKIT_HISTOGRAM_BUCKETS - 1u), "bucket %u of 2^%u", at, exponent);
    }
    CHECK(bucket(UINT64_MAX) == VNFKIT_HISTOGRAM_BUCKETS - 1, "the last bucket");
}

static void gaps_are_loss_until_they_are_filled(void)
{
    static const struct {
        uint64_t sequence, lost, reordered;
    } steps[] = {
        { 100, 0, 0 }, { 101, 0, 0 }, { 104, 2, 0 }, { 103, 1, 1 }, { 102, 0, 2 }, { 105, 0, 2 }, { 90, 0, 3 },
        { 106, 0, 3 }, { 110, 3, 3 },
    };
    struct vnfkit_task_statistics statistics = { 0 };
    struct task *task = aligned_alloc(64, sizeof *task);
    struct sink sink = { 0 };

    memset(task, 0, sizeof *task);
    task->statistics = &statistics;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        follow_sequence(task, &sink, steps[i].sequence);
        sink.started = 1;
        CHECK(statistics.lost == steps[i].lost && statistics.reordered == steps[i].reordered,
            "step %zu: %llu lost, %llu reordered", i, (unsigned long long)statistics.lost,
            (unsigned long long)statistics.reordered);
    }
    free(task);
}

static void a_stamp_is_in_the_last_bytes_or_nowhere(void)
{
    const struct vnfkit_stamp stamp = { .magic = VNFKIT_STAMP_MAGIC, .sequence = 5 };
    uint8_t bytes[100] = { 0 };

    memcpy(bytes + sizeof bytes - sizeof stamp, &stamp, sizeof stamp);
    for (uint32_t cut = 1; cut < sizeof bytes; cut++) {
        struct rte_mbuf *m = buffer_create(bytes, sizeof bytes, 0, &cut, 1);
        struct vnfkit_stamp read;

        CHECK(read_stamp(m, &read) == (cut <= sizeof bytes - sizeof stamp), "cut at %u", cut);
        buffer_free(m);
    }
    for (uint32_t length = 0; length < sizeof stamp; length++) {
        struct rte_mbuf *m = buffer_whole((const uint8_t *)&stamp, length, 0);
        struct vnfkit_stamp read;

        CHECK(!read_stamp(m, &read), "%u bytes", length);
        buffer_free(m);
    }
}

int main(void)
{
    templates_are_checked();
    packets_are_built(0, 30);
    packets_are_built(2, 26);
    packets_are_built(0, 14 + 20);
    // The word with the header length: a template that says so gets what it wants.
    packets_are_built(0, 12);
    the_pace_is_kept(VNFKIT_RATE_PACKETS, 1000000, 1e6);
    the_pace_is_kept(VNFKIT_RATE_PACKETS, 3, 3);
    // Frames of 58 and 78 bytes, and 24 more on the wire.
    the_pace_is_kept(VNFKIT_RATE_BITS, 100000000, 1e8 / 8 / (24 + 52 + sizeof(struct vnfkit_stamp)));
    a_change_of_the_pace_counts_at_once();
    many_changes_of_a_low_pace_send_no_more_than_it();
    the_first_packets_are_no_burst();
    buckets_are_in_order();
    gaps_are_loss_until_they_are_filled();
    a_stamp_is_in_the_last_bytes_or_nowhere();
    return check_result("traffic_test");
}
