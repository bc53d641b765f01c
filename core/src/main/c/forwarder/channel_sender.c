// SPDX-License-Identifier: Apache-2.0
// The sender of a channel: a mempool over the channel's buffers, and the mbufs of all packets that are on their way.
// rte_pktmbuf_pool_create_extbuf; DPDK has not changed it since 20.02.
#define ALLOW_EXPERIMENTAL_API
#include "channel.h"
#include "channel_ring.h"
#include "descriptor.h"
#include "io.h"
#include "memory.h"
#include "region.h"
#include "task.h"

#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>
#include <stdlib.h>
#include <time.h>

#define LARGEST_CACHE 256u
// A sixteenth of the buffers in the cache of each lcore is not much to miss.
#define CACHE_SHARE 16u
#define RECLAIM_BURST 64u
#define CLOSE_ROUNDS 200

struct channel_sender {
    struct region *region;
    uint64_t from;
    uint64_t to;
    uint64_t buffers;
    uint64_t buffers_length;
    uint32_t in_flight;
    int damaged;
    struct ring_side packets;
    struct ring_side returned;
    struct rte_mempool *pool;
    int pool_handle;
    int claimed;
    int is_running;
    uint32_t longest;             // packet that fits a buffer
    uint64_t lost;
    struct rte_mbuf **flying;     // by the unit that the packet begins in
} __rte_cache_aligned;

static inline uint64_t offset_of(const struct channel_sender *sender, const struct rte_mbuf *packet)
{
    return (uint64_t)(rte_pktmbuf_mtod(packet, const uint8_t *) - sender->region->base);
}

static inline uint64_t descriptor_of_packet(const struct channel_sender *sender, const struct rte_mbuf *packet)
{
    return descriptor_of(offset_of(sender, packet), packet->data_len);
}

// The mbuf of a packet that came back; null if the other side has not got it.
static inline struct rte_mbuf *take_back(struct channel_sender *sender, uint64_t descriptor)
{
    struct rte_mbuf **place;
    struct rte_mbuf *packet;

    if (unlikely(!descriptor_is_within(descriptor, sender->from, sender->to)))
        return NULL;
    place = &sender->flying[descriptor_offset(descriptor) / BUFFER_UNIT];
    packet = *place;
    if (unlikely(packet == NULL || descriptor_of_packet(sender, packet) != descriptor))
        return NULL;
    *place = NULL;
    return packet;
}

static uint32_t reclaim_burst(struct channel_sender *sender)
{
    struct rte_mbuf *packets[RECLAIM_BURST];
    uint32_t available = ring_available(&sender->returned);
    uint32_t back = 0;

    if (unlikely(available > sender->in_flight)) {
        sender->damaged = 1;
        return 0;
    }
    available = RTE_MIN(available, RECLAIM_BURST);
    for (; back < available; back++) {
        packets[back] = take_back(sender, ring_read(&sender->returned, back));
        if (unlikely(packets[back] == NULL)) {
            sender->damaged = 1;
            break;
        }
    }
    if (back == 0)
        return 0;
    ring_publish(&sender->returned, back);
    sender->in_flight -= back;
    rte_pktmbuf_free_bulk(packets, back);
    return back;
}

void channel_sender_tend(struct channel_sender *sender)
{
    // Not more than were on their way: an other side that goes on and on does not keep this lcore.
    uint32_t most = sender->in_flight;
    uint32_t back = 1;

    while (most > 0 && back > 0 && !sender->damaged) {
        back = reclaim_burst(sender);
        most -= RTE_MIN(most, back);
    }
}

// Where the packet lies is the other side's to read and write when it is sent, so nobody else may have it. What came from
// another channel and yet lies in a buffer of this one was made up: the buffer is in use, or will be.
static inline int can_go_as_it_is(const struct channel_sender *sender, const struct rte_mbuf *packet)
{
    const uint8_t *data = rte_pktmbuf_mtod(packet, const uint8_t *);
    uint64_t offset = (uint64_t)((uintptr_t)data - (uintptr_t)sender->region->base);

    return packet->nb_segs == 1 && offset >= sender->from && offset < sender->to
        && offset + packet->data_len <= sender->to && packet_require_own(packet) == VERDICT_FORWARD
        && (packet->pool == sender->pool || offset - sender->buffers >= sender->buffers_length)
        && sender->flying[offset / BUFFER_UNIT] == NULL;
}

static int copy(struct channel_sender *sender, struct task *task, struct rte_mbuf **packet)
{
    struct rte_mbuf *source = *packet;
    struct rte_mbuf *target;
    uint8_t *data;

    if (source->pkt_len > sender->longest)
        return VNFKIT_DROP_TOO_BIG;
    target = rte_pktmbuf_alloc(sender->pool);
    if (target == NULL)
        return VNFKIT_DROP_OUTPUT_FULL;
    data = rte_pktmbuf_mtod(target, uint8_t *);
    for (struct rte_mbuf *segment = source; segment != NULL; segment = segment->next) {
        memcpy(data, rte_pktmbuf_mtod(segment, const uint8_t *), segment->data_len);
        data += segment->data_len;
    }
    target->data_len = (uint16_t)source->pkt_len;
    target->pkt_len = source->pkt_len;
    rte_pktmbuf_free(source);
    *packet = target;
    count(&task->statistics->copied, 1);
    return VERDICT_FORWARD;
}

static uint32_t room(struct channel_sender *sender)
{
    uint32_t in_ring = ring_room(&sender->packets);

    if (unlikely(in_ring == RING_DAMAGED)) {
        sender->damaged = 1;
        return 0;
    }
    // No more on the way than the ring of returns holds: so the other side can always give back.
    return RTE_MIN(in_ring, sender->packets.capacity - sender->in_flight);
}

// Returns how many were sent or dropped, from the first on.
static uint16_t send_some(
    struct channel_sender *sender, struct task *task, struct rte_mbuf **packets, uint16_t packet_count)
{
    uint32_t places = room(sender);
    uint32_t placed = 0;
    uint16_t i = 0;

    for (; i < packet_count && placed < places; i++) {
        int verdict = can_go_as_it_is(sender, packets[i]) ? VERDICT_FORWARD : copy(sender, task, &packets[i]);

        if (verdict == VNFKIT_DROP_OUTPUT_FULL)
            break;
        if (verdict != VERDICT_FORWARD) {
            drop(task, packets[i], verdict);
            continue;
        }
        sender->flying[offset_of(sender, packets[i]) / BUFFER_UNIT] = packets[i];
        ring_write(&sender->packets, placed++, descriptor_of_packet(sender, packets[i]));
    }
    if (placed > 0) {
        sender->in_flight += placed;
        ring_publish(&sender->packets, placed);
        count(&task->statistics->sent, placed);
    }
    return i;
}

void channel_send(struct channel_sender *sender, struct task *task, struct rte_mbuf **packets, uint16_t packet_count)
{
    uint16_t done = 0;

    for (uint32_t tries = 0; tries < task->transmit_tries && done < packet_count && !sender->damaged; tries++) {
        if (tries > 0)
            channel_sender_tend(sender);
        done = (uint16_t)(done + send_some(sender, task, packets + done, (uint16_t)(packet_count - done)));
    }
    if (unlikely(done < packet_count))
        drop_all(task, packets + done, packet_count - done,
            sender->damaged ? VNFKIT_DROP_DAMAGED : VNFKIT_DROP_OUTPUT_FULL);
}

int *channel_sender_claimed(struct channel_sender *sender)
{
    return &sender->claimed;
}

void channel_sender_release(struct channel_sender *sender)
{
    sender->claimed = 0;
}

int channel_sender_pool(struct channel_sender *sender)
{
    return sender->pool_handle;
}

void channel_sender_info(const struct channel_sender *sender, struct vnfkit_channel_info *info)
{
    info->in_flight = sender->in_flight;
    info->lost = sender->lost;
    info->damaged = (uint64_t)sender->damaged;
    info->free_buffers = rte_mempool_avail_count(sender->pool);
}

static uint64_t units(const struct channel_sender *sender)
{
    return sender->to / BUFFER_UNIT + 1;
}

void channel_sender_set_running(struct channel_sender *sender, int is_running)
{
    sender->is_running = is_running;
}

int64_t channel_sender_restart(struct channel_sender *sender)
{
    uint32_t recovered = sender->in_flight;

    if (sender->is_running)
        return -EBUSY;
    for (uint64_t unit = 0; sender->in_flight > 0 && unit < units(sender); unit++) {
        struct rte_mbuf *packet = sender->flying[unit];

        if (packet == NULL)
            continue;
        rte_pktmbuf_free(packet);
        sender->flying[unit] = NULL;
        sender->in_flight--;
    }
    // Never back to 0: between any two of these stores both rings can be taken over, and nothing seems on its way that is
    // not, or back that is not.
    ring_clear(&sender->packets, 1, sender->packets.head);
    ring_clear(&sender->returned, 0, sender->packets.head);
    sender->damaged = 0;
    return recovered;
}

// What the other side still holds is not this process's any more. Buffers of this channel: the next sender waits until
// they are back. Packets out of another channel must not go back there either, or they would be overwritten while the
// other side reads: there they count as lost, as if this process had died with them.
static void abandon(struct channel_sender *sender)
{
    for (uint64_t unit = 0; sender->in_flight > 0 && unit < units(sender); unit++) {
        struct rte_mbuf *packet = sender->flying[unit];

        if (packet == NULL)
            continue;
        if (packet->pool == sender->pool || channel_receiver_abandon(packet))
            rte_pktmbuf_free(packet);
        sender->flying[unit] = NULL;
        sender->in_flight--;
    }
}

static void wait_for_returns(struct channel_sender *sender)
{
    const struct timespec pause = { .tv_nsec = 1000000 };

    channel_sender_tend(sender);
    for (int i = 0; i < CLOSE_ROUNDS && sender->in_flight > 0 && !sender->damaged; i++) {
        nanosleep(&pause, NULL);
        channel_sender_tend(sender);
    }
}

static void destroy(struct channel_sender *sender)
{
    rte_mempool_free(sender->pool);
    rte_free(sender->flying);
    region_detach(sender->region);
    rte_free(sender);
}

int channel_sender_close(struct channel_sender *sender)
{
    if (sender->pool_handle >= 0) {
        pool_take_back(sender->pool_handle);
        sender->pool_handle = -1;
        wait_for_returns(sender);
        abandon(sender);
    }
    if (!rte_mempool_full(sender->pool))
        return 0;
    destroy(sender);
    return 1;
}

static int make_pool(struct channel_sender *sender, const struct vnfkit_channel_config *config)
{
    uint64_t length = (uint64_t)config->buffer_size * config->buffer_count;
    struct rte_pktmbuf_extmem buffers = {
        .buf_ptr = sender->region->base + config->buffers,
        .buf_iova = sender->region->iova == RTE_BAD_IOVA ? RTE_BAD_IOVA : sender->region->iova + config->buffers,
        .buf_len = length,
        .elt_size = (uint16_t)config->buffer_size,
    };
    uint32_t cache = RTE_MIN(LARGEST_CACHE, config->buffer_count / CACHE_SHARE);

    sender->pool = rte_pktmbuf_pool_create_extbuf(config->name, config->buffer_count, cache, 0,
        (uint16_t)config->buffer_size, config->node, &buffers, 1);
    if (sender->pool == NULL)
        return -rte_errno;
    sender->flying = rte_zmalloc("vnfkit_flying", units(sender) * sizeof(struct rte_mbuf *), RTE_CACHE_LINE_SIZE);
    if (sender->flying == NULL)
        return -ENOMEM;
    sender->pool_handle = pool_lend(sender->pool);
    return sender->pool_handle < 0 ? sender->pool_handle : 0;
}

int channel_sender_open(const struct vnfkit_channel_config *config, struct region *region, struct channel_sender **result)
{
    struct channel_sender *sender = rte_zmalloc("vnfkit_sender", sizeof *sender, RTE_CACHE_LINE_SIZE);
    int failure;

    if (sender == NULL)
        return -ENOMEM;
    sender->region = region;
    sender->from = config->first_object;
    sender->to = config->region_size;
    sender->buffers = config->buffers;
    sender->buffers_length = (uint64_t)config->buffer_size * config->buffer_count;
    sender->longest = config->buffer_size - RTE_PKTMBUF_HEADROOM;
    sender->pool_handle = -1;
    ring_take_side(&sender->packets, region->base + config->packets, config->slots, config->cache_line, 1);
    ring_take_side(&sender->returned, region->base + config->returned, config->slots, config->cache_line, 0);
    failure = sender->packets.head == sender->returned.head ? make_pool(sender, config) : -EBUSY;
    if (failure) {
        region->users++;
        destroy(sender);
        return failure;
    }
    *result = sender;
    return 0;
}
