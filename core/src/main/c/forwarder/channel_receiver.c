// SPDX-License-Identifier: Apache-2.0
// The receiver of a channel: an mbuf of its own around each packet where it lies. When the last owner lets go of the
// packet, on whatever lcore, its descriptor goes back as it came.
#include "channel.h"
#include "channel_ring.h"
#include "descriptor.h"
#include "io.h"
#include "region.h"
#include "task.h"

#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>
#include <stdio.h>

#define HEADER_CACHE 128u

// A packet that was taken. Not in the private area of its mbuf, which is free before the memory is, if there is a clone.
struct slot {
    struct rte_mbuf_ext_shared_info shared;
    uint64_t descriptor;
    struct channel_receiver *receiver;
    int is_abandoned;
} __rte_cache_aligned;

struct channel_receiver {
    struct region *region;
    uint64_t from;
    uint64_t to;
    struct ring_side packets;
    struct ring_side returned;
    struct rte_mempool *headers;
    struct slot *slots;
    struct slot **free_slots;     // touched by the receiver's lcore only
    struct slot **let_go;         // likewise: free, but their descriptors are not back yet
    struct rte_ring *from_others; // slots that other lcores have let go of
    uint32_t capacity;
    uint32_t free_count;
    uint32_t let_go_count;
    uint32_t lcore;
    int damaged;
    int is_closed;
    int claimed;
    uint64_t lost;
} __rte_cache_aligned;

static void packet_let_go(void *address, void *opaque)
{
    struct slot *slot = opaque;
    struct channel_receiver *receiver = slot->receiver;

    (void)address;
    if (__atomic_load_n(&receiver->lcore, __ATOMIC_RELAXED) == rte_lcore_id() && rte_lcore_id() != LCORE_ID_ANY)
        receiver->let_go[receiver->let_go_count++] = slot;
    else
        // There is a place for every slot, so this does not fail.
        rte_ring_mp_enqueue(receiver->from_others, slot);
}

int channel_receiver_abandon(struct rte_mbuf *packet)
{
    struct slot *slot;

    if (!RTE_MBUF_HAS_EXTBUF(packet) || packet->shinfo->free_cb != packet_let_go)
        return 0;
    slot = packet->shinfo->fcb_opaque;
    slot->is_abandoned = 1;
    return 1;
}

static void recycle(struct channel_receiver *receiver, struct slot *slot)
{
    slot->is_abandoned = 0;
    receiver->free_slots[receiver->free_count++] = slot;
}

void channel_receiver_tend(struct channel_receiver *receiver)
{
    uint32_t room;
    uint32_t given = 0;

    receiver->let_go_count += rte_ring_sc_dequeue_burst(receiver->from_others,
        (void **)&receiver->let_go[receiver->let_go_count], receiver->capacity - receiver->let_go_count, NULL);
    if (receiver->let_go_count == 0)
        return;
    room = receiver->is_closed ? 0 : ring_room(&receiver->returned);
    if (room == RING_DAMAGED) {
        receiver->damaged = 1;
        room = 0;
    }
    // From the end, and only as far as there is room: a sender that sent more than it may and takes nothing back does not
    // keep this lcore with what has to wait.
    while (receiver->let_go_count > 0) {
        struct slot *slot = receiver->let_go[receiver->let_go_count - 1];

        if (slot->is_abandoned || receiver->is_closed)
            receiver->lost++;
        else if (given < room)
            ring_write(&receiver->returned, given++, slot->descriptor);
        else
            break;
        receiver->let_go_count--;
        recycle(receiver, slot);
    }
    if (given > 0)
        ring_publish(&receiver->returned, given);
}

static inline void wrap(struct channel_receiver *receiver, struct rte_mbuf *packet, struct slot *slot)
{
    struct buffer_span span = descriptor_span(slot->descriptor, receiver->to);
    rte_iova_t iova = receiver->region->iova == RTE_BAD_IOVA ? RTE_BAD_IOVA : receiver->region->iova + span.start;

    rte_mbuf_ext_refcnt_set(&slot->shared, 1);
    rte_pktmbuf_attach_extbuf(packet, receiver->region->base + span.start, iova, span.length, &slot->shared);
    packet->data_off = span.headroom;
    packet->data_len = (uint16_t)descriptor_length(slot->descriptor);
    packet->pkt_len = packet->data_len;
    packet->port = RTE_MBUF_PORT_INVALID;
}

static uint16_t take(struct channel_receiver *receiver, struct task *task, struct rte_mbuf **packets, uint32_t count_taken)
{
    uint16_t good = 0;

    for (uint32_t i = 0; i < count_taken; i++) {
        struct slot *slot = receiver->free_slots[--receiver->free_count];

        slot->descriptor = ring_read(&receiver->packets, i);
        if (likely(descriptor_is_within(slot->descriptor, receiver->from, receiver->to)
                && descriptor_length(slot->descriptor) > 0)) {
            wrap(receiver, packets[good++], slot);
        } else {
            count(&task->statistics->drops[VNFKIT_DROP_DESCRIPTOR], 1);
            receiver->let_go[receiver->let_go_count++] = slot;
        }
    }
    ring_publish(&receiver->packets, count_taken);
    rte_pktmbuf_free_bulk(packets + good, count_taken - good);
    return good;
}

uint16_t channel_receive(struct channel_receiver *receiver, struct task *task, struct rte_mbuf **packets)
{
    uint32_t available;

    channel_receiver_tend(receiver);
    if (unlikely(receiver->damaged))
        return 0;
    available = ring_available(&receiver->packets);
    if (unlikely(available == RING_DAMAGED)) {
        receiver->damaged = 1;
        return 0;
    }
    // No more than the ring of returns has room for, whatever the sender does.
    available = RTE_MIN(RTE_MIN(available, task->burst), receiver->free_count);
    if (available == 0 || rte_pktmbuf_alloc_bulk(receiver->headers, packets, available) != 0)
        return 0;
    return take(receiver, task, packets, available);
}

void channel_receiver_set_lcore(struct channel_receiver *receiver, uint32_t lcore)
{
    __atomic_store_n(&receiver->lcore, lcore, __ATOMIC_RELAXED);
}

int *channel_receiver_claimed(struct channel_receiver *receiver)
{
    return &receiver->claimed;
}

void channel_receiver_release(struct channel_receiver *receiver)
{
    receiver->claimed = 0;
}

void channel_receiver_info(const struct channel_receiver *receiver, struct vnfkit_channel_info *info)
{
    info->in_flight = receiver->capacity - receiver->free_count;
    info->lost = receiver->lost;
    info->damaged = (uint64_t)receiver->damaged;
}

static void destroy(struct channel_receiver *receiver)
{
    rte_mempool_free(receiver->headers);
    rte_ring_free(receiver->from_others);
    rte_free(receiver->let_go);
    rte_free(receiver->free_slots);
    rte_free(receiver->slots);
    region_detach(receiver->region);
    rte_free(receiver);
}

int channel_receiver_close(struct channel_receiver *receiver)
{
    channel_receiver_tend(receiver);
    receiver->is_closed = 1;
    channel_receiver_tend(receiver);
    if (receiver->free_count < receiver->capacity || !rte_mempool_full(receiver->headers))
        return 0;
    destroy(receiver);
    return 1;
}

static int allocate(struct channel_receiver *receiver, const struct vnfkit_channel_config *config)
{
    char name[RTE_RING_NAMESIZE];
    uint32_t capacity = receiver->capacity;
    uint32_t cached = HEADER_CACHE * 3 / 2 * (rte_lcore_count() + 1);

    snprintf(name, sizeof name, "%.20sq", config->name);
    receiver->headers = rte_pktmbuf_pool_create(config->name, capacity + cached, HEADER_CACHE, 0, 0, config->node);
    receiver->from_others = rte_ring_create(name, capacity, config->node, RING_F_SC_DEQ | RING_F_EXACT_SZ);
    receiver->slots = rte_zmalloc("vnfkit_slots", capacity * sizeof *receiver->slots, RTE_CACHE_LINE_SIZE);
    receiver->free_slots = rte_zmalloc("vnfkit_slots", capacity * sizeof(struct slot *), RTE_CACHE_LINE_SIZE);
    receiver->let_go = rte_zmalloc("vnfkit_slots", capacity * sizeof(struct slot *), RTE_CACHE_LINE_SIZE);
    if (receiver->headers == NULL || receiver->from_others == NULL)
        return -rte_errno;
    if (receiver->slots == NULL || receiver->free_slots == NULL || receiver->let_go == NULL)
        return -ENOMEM;
    for (uint32_t i = 0; i < capacity; i++) {
        receiver->slots[i].receiver = receiver;
        receiver->slots[i].shared.free_cb = packet_let_go;
        receiver->slots[i].shared.fcb_opaque = &receiver->slots[i];
        recycle(receiver, &receiver->slots[i]);
    }
    return 0;
}

int channel_receiver_open(
    const struct vnfkit_channel_config *config, struct region *region, struct channel_receiver **result)
{
    struct channel_receiver *receiver = rte_zmalloc("vnfkit_receiver", sizeof *receiver, RTE_CACHE_LINE_SIZE);
    int failure;

    if (receiver == NULL)
        return -ENOMEM;
    receiver->region = region;
    receiver->from = config->first_object;
    receiver->to = config->region_size;
    receiver->lcore = LCORE_ID_ANY;
    ring_take_side(&receiver->packets, region->base + config->packets, config->slots, config->cache_line, 0);
    ring_take_side(&receiver->returned, region->base + config->returned, config->slots, config->cache_line, 1);
    receiver->capacity = receiver->packets.capacity;
    failure = receiver->packets.head == receiver->returned.head ? allocate(receiver, config) : -EBUSY;
    if (failure) {
        region->users++;
        destroy(receiver);
        return failure;
    }
    *result = receiver;
    return 0;
}
