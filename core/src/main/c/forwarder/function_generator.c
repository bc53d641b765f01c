// SPDX-License-Identifier: Apache-2.0
// generator: makes packets from templates, at a rate. Only outputs; packet i goes to output i modulo their number.
#include "io.h"
#include "memory.h"
#include "packet.h"

#include <errno.h>
#include <rte_cycles.h>
#include <rte_malloc.h>

// Preamble, start of frame and gap, and the frame checksum, which no length here contains.
#define WIRE_OVERHEAD 24u
// A generator that was held up does not make up for more than this: a burst at any rate would test something else.
#define CATCH_UP_MICROSECONDS 100

struct pace {
    uint32_t unit;
    double cycles_per_unit;       // per packet, or per bit
};

struct generator {
    struct rte_mempool *pool;
    struct pace paces[2];
    uint32_t changes;             // of the pace: the lowest bit says which is in force. The control side writes the
                                  // other one and then this
    uint32_t followed;            // the last change that "due" follows
    uint32_t template_count;
    uint32_t next_template;
    uint32_t flow;
    uint32_t next_output;
    uint32_t sequence;
    uint64_t left;                // packets to the limit
    double due;                   // TSC cycles of the next packet
    uint64_t hertz;
    struct vnfkit_template templates[];
};

int generator_set_rate(struct task *task, uint32_t unit, uint64_t rate)
{
    struct generator *generator = task->generator;
    uint32_t next;

    if (generator == NULL || (unit != VNFKIT_RATE_UNLIMITED && rate == 0))
        return -EINVAL;
    next = generator->changes + 1;
    generator->paces[next & 1].unit = unit;
    generator->paces[next & 1].cycles_per_unit =
        unit == VNFKIT_RATE_UNLIMITED ? 0 : (double)generator->hertz / (double)rate;
    __atomic_store_n(&generator->changes, next, __ATOMIC_RELEASE);
    return 0;
}

// The header whose checksum is kept right must lie within the bytes that a template has.
static int ipv4_is_valid(const struct vnfkit_template *template)
{
    const struct ipv4 *network = (const void *)(template->header + template->ipv4_offset);

    return template->ipv4_offset + IPV4_SIZE <= template->header_length && ipv4_header_size(network) >= IPV4_SIZE
        && template->ipv4_offset + ipv4_header_size(network) <= template->header_length;
}

static int template_is_valid(const struct vnfkit_template *template)
{
    uint32_t header = template->header_length;

    return header <= VNFKIT_TEMPLATE_SIZE && header <= template->length && template->length >= ETHERNET_SIZE
        && (template->stamp_offset == 0
            || (template->stamp_offset >= header
                && template->stamp_offset + sizeof(struct vnfkit_stamp) <= template->length))
        && (template->ipv4_offset == 0 || ipv4_is_valid(template))
        && (template->vary_offset == 0 || template->vary_offset + 4u <= header);
}

int generator_create(struct task *task)
{
    const struct vnfkit_generator_config *config = &task->config.generator;
    const struct vnfkit_template *templates = (const void *)(uintptr_t)config->templates;
    struct rte_mempool *pool = pool_of(config->pool);
    struct generator *generator;

    if (pool == NULL)
        return -EBADF;
    if (templates == NULL || config->template_count == 0 || config->template_count > VNFKIT_MAX_TEMPLATES
            || config->flows == 0)
        return -EINVAL;
    for (uint32_t i = 0; i < config->template_count; i++)
        if (!template_is_valid(&templates[i])
                || templates[i].length > rte_pktmbuf_data_room_size(pool) - RTE_PKTMBUF_HEADROOM)
            return -EINVAL;
    generator = rte_zmalloc("vnfkit_generator", sizeof *generator + config->template_count * sizeof templates[0],
        RTE_CACHE_LINE_SIZE);
    if (generator == NULL)
        return -ENOMEM;
    generator->pool = pool;
    generator->hertz = rte_get_tsc_hz();
    generator->template_count = config->template_count;
    generator->left = config->limit == 0 ? UINT64_MAX : config->limit;
    memcpy(generator->templates, templates, config->template_count * sizeof templates[0]);
    task->generator = generator;
    return generator_set_rate(task, config->rate_unit, config->rate);
}

void generator_free(struct task *task)
{
    rte_free(task->generator);
    task->generator = NULL;
}

// The flow's number is added to a field; inside the IPv4 header its checksum follows.
static inline void vary(uint8_t *frame, const struct vnfkit_template *template, uint32_t flow)
{
    const struct ipv4 *original = (const void *)(template->header + template->ipv4_offset);
    struct ipv4 *network = (void *)(frame + template->ipv4_offset);
    uint32_t word;

    memcpy(&word, frame + template->vary_offset, 4);
    word = rte_cpu_to_be_32(rte_be_to_cpu_32(word) + flow);
    memcpy(frame + template->vary_offset, &word, 4);
    if (template->ipv4_offset == 0)
        return;
    network->checksum = 0;
    // Of the template: the word that varies may be the one with the header length.
    network->checksum = (uint16_t)~checksum_words(network, ipv4_header_size(original));
}

static inline void write_stamp(uint8_t *at, uint16_t stream, uint32_t sequence, uint64_t now)
{
    const struct vnfkit_stamp stamp = {
        .magic = VNFKIT_STAMP_MAGIC, .stream = stream, .sequence = sequence, .tsc = now };

    memcpy(at, &stamp, sizeof stamp);
}

static inline void build(struct task *task, struct generator *generator, struct rte_mbuf *packet, uint64_t now)
{
    const struct vnfkit_template *template = &generator->templates[generator->next_template];
    uint8_t *frame = rte_pktmbuf_mtod(packet, uint8_t *);

    packet->data_len = template->length;
    packet->pkt_len = template->length;
    memcpy(frame, template->header, template->header_length);
    memset(frame + template->header_length, 0, template->length - template->header_length);
    if (template->vary_offset != 0)
        vary(frame, template, generator->flow);
    if (template->stamp_offset != 0)
        write_stamp(frame + template->stamp_offset, (uint16_t)task->config.generator.stream, generator->sequence, now);
    generator->sequence++;
    if (++generator->next_template == generator->template_count)
        generator->next_template = 0;
    if (++generator->flow == task->config.generator.flows)
        generator->flow = 0;
}

static inline double cycles_of(const struct generator *generator, const struct pace *pace, uint32_t template)
{
    uint32_t units = pace->unit == VNFKIT_RATE_PACKETS
        ? 1 : 8 * (generator->templates[template].length + WIRE_OVERHEAD);

    return units * pace->cycles_per_unit;
}

// What was due by the old pace stays due, so that many changes in a row send no more than the rates allow; but nothing
// waits longer than the new pace says, and what the old one left undone is not made up for.
static inline void follow_change(
    struct generator *generator, const struct pace *pace, uint32_t changes, uint64_t now)
{
    if (likely(changes == generator->followed))
        return;
    generator->followed = changes;
    generator->due = RTE_MAX(generator->due, (double)now);
    generator->due = RTE_MIN(generator->due, (double)now + cycles_of(generator, pace, generator->next_template));
}

// How many of the next packets are due now. Their lengths differ, so bits are counted one template after the other.
static inline uint32_t due_packets(struct generator *generator, uint32_t burst, uint64_t now)
{
    uint32_t changes = __atomic_load_n(&generator->changes, __ATOMIC_ACQUIRE);
    const struct pace *pace = &generator->paces[changes & 1];
    double earliest = (double)now - (double)generator->hertz * CATCH_UP_MICROSECONDS / 1e6;
    uint32_t template = generator->next_template;
    uint32_t due = 0;

    if (pace->unit == VNFKIT_RATE_UNLIMITED)
        return burst;
    follow_change(generator, pace, changes, now);
    if (generator->due < earliest)
        generator->due = earliest;
    while (due < burst && generator->due <= (double)now) {
        generator->due += cycles_of(generator, pace, template);
        template = template + 1 == generator->template_count ? 0 : template + 1;
        due++;
    }
    return due;
}

void generator_step(struct task *task)
{
    struct generator *generator = task->generator;
    struct rte_mbuf *packets[VNFKIT_MAX_BURST];
    uint32_t burst = (uint32_t)RTE_MIN((uint64_t)task->burst, generator->left);
    uint64_t now = rte_rdtsc();
    uint64_t bytes = 0;
    uint32_t due = due_packets(generator, burst, now);

    count(&task->statistics->polls, 1);
    if (due == 0 || rte_pktmbuf_alloc_bulk(generator->pool, packets, due) != 0) {
        count(&task->statistics->idle_polls, 1);
        return;
    }
    for (uint32_t i = 0; i < due; i++) {
        build(task, generator, packets[i], now);
        bytes += packets[i]->pkt_len;
    }
    generator->left -= generator->left == UINT64_MAX ? 0 : due;
    // "Received" is what it made; what of it went out is "sent", and the rest a full output.
    count(&task->statistics->received, due);
    count(&task->statistics->received_bytes, bytes);
    transmit(task, &task->outputs[generator->next_output], packets, (uint16_t)due);
    if (++generator->next_output == task->output_count)
        generator->next_output = 0;
}
