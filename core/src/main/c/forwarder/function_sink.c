// SPDX-License-Identifier: Apache-2.0
// sink: takes packets of a generator and says what the way did to them. The stamp is looked for in the last bytes, so
// that it is found whatever headers the packet has got or lost on its way.
#include "io.h"
#include "packet.h"

#include <errno.h>
#include <rte_cycles.h>
#include <rte_malloc.h>

struct sink {
    struct vnfkit_latency *latency;
    uint32_t expected;            // sequence number
    int started;
};

int sink_create(struct task *task)
{
    struct sink *sink = rte_zmalloc("vnfkit_sink", sizeof *sink, RTE_CACHE_LINE_SIZE);

    if (sink == NULL)
        return -ENOMEM;
    sink->latency = (void *)(uintptr_t)task->config.sink.histogram;
    task->sink = sink;
    return sink->latency == NULL ? -EINVAL : 0;
}

void sink_free(struct task *task)
{
    rte_free(task->sink);
    task->sink = NULL;
}

static inline uint32_t bucket(uint64_t cycles)
{
    uint32_t exponent;

    if (cycles < 32)
        return (uint32_t)cycles;
    exponent = 63u - (uint32_t)__builtin_clzll(cycles);
    return RTE_MIN((exponent - 4) * 32 + (uint32_t)(cycles >> (exponent - 5) & 31), VNFKIT_HISTOGRAM_BUCKETS - 1u);
}

static inline void record(struct vnfkit_latency *latency, uint64_t cycles)
{
    if (latency->count == 0 || cycles < latency->minimum)
        latency->minimum = cycles;
    if (cycles > latency->maximum)
        latency->maximum = cycles;
    count(&latency->sum, cycles);
    count(&latency->buckets[bucket(cycles)], 1);
    count(&latency->count, 1);
}

// A gap is loss until its packets come late, which is reordering.
static inline void follow_sequence(struct task *task, struct sink *sink, uint32_t sequence)
{
    int32_t ahead = (int32_t)(sequence - sink->expected);

    if (likely(ahead == 0)) {
        sink->expected++;
        return;
    }
    if (ahead > 0 || !sink->started) {
        if (sink->started)
            count(&task->statistics->lost, (uint32_t)ahead);
        sink->expected = sequence + 1;
        return;
    }
    count(&task->statistics->reordered, 1);
    if (task->statistics->lost > 0)
        count(&task->statistics->lost, UINT64_MAX);
}

static inline int read_stamp(const struct rte_mbuf *packet, struct vnfkit_stamp *stamp)
{
    const struct rte_mbuf *last = packet;

    while (unlikely(last->next != NULL))
        last = last->next;
    if (unlikely(last->data_len < sizeof *stamp))
        return 0;
    memcpy(stamp, rte_pktmbuf_mtod_offset(last, const uint8_t *, last->data_len - sizeof *stamp), sizeof *stamp);
    return stamp->magic == VNFKIT_STAMP_MAGIC;
}

static void follow_reset(struct sink *sink)
{
    struct vnfkit_latency *latency = sink->latency;
    uint64_t wanted = __atomic_load_n(&latency->reset, __ATOMIC_ACQUIRE);

    if (likely(wanted == latency->follows))
        return;
    memset(latency->buckets, 0, sizeof latency->buckets);
    latency->count = 0;
    latency->minimum = 0;
    latency->maximum = 0;
    latency->sum = 0;
    __atomic_store_n(&latency->follows, wanted, __ATOMIC_RELEASE);
}

static void consume(struct task *task, struct rte_mbuf **packets, uint16_t packet_count)
{
    struct sink *sink = task->sink;
    uint64_t now = rte_rdtsc();
    uint64_t bytes = 0;

    prefetch_first(packets, packet_count);
    for (uint16_t i = 0; i < packet_count; i++) {
        struct vnfkit_stamp stamp;

        prefetch_data(packets, (uint16_t)(i + PREFETCH_AHEAD), packet_count);
        bytes += packets[i]->pkt_len;
        if (read_stamp(packets[i], &stamp) && stamp.stream == (uint16_t)task->config.sink.stream) {
            follow_sequence(task, sink, stamp.sequence);
            sink->started = 1;
            // The TSC of another core may be some cycles behind.
            record(sink->latency, now > stamp.tsc ? now - stamp.tsc : 0);
        } else if (!task->config.sink.any_packet) {
            count(&task->statistics->drops[VNFKIT_DROP_FOREIGN], 1);
        }
    }
    count(&task->statistics->received_bytes, bytes);
    rte_pktmbuf_free_bulk(packets, packet_count);
}

void sink_step(struct task *task)
{
    struct rte_mbuf *packets[VNFKIT_MAX_BURST];

    follow_reset(task->sink);
    count_polls(task);
    for (uint32_t i = 0; i < task->input_count; i++) {
        uint16_t received = receive(task, &task->inputs[i], packets);

        if (received > 0)
            consume(task, packets, received);
    }
}
