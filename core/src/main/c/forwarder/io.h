// SPDX-License-Identifier: Apache-2.0
// How tasks take bursts in and let them out, and count. Included by the functions only: it is all inlined there.
#ifndef VNFKIT_IO_H
#define VNFKIT_IO_H

#include "packet.h"
#include "task.h"

#include <rte_ethdev.h>
#include <rte_ring.h>

// The counters of a task have one writer, so a plain store of the sum is enough; readers see aligned words whole.
static inline void count(uint64_t *counter, uint64_t amount)
{
    __atomic_store_n(counter, *counter + amount, __ATOMIC_RELAXED);
}

// Rings have code for each way to be shared. It is kept out of the functions: what they do with ports stays together.
static __rte_noinline __rte_unused uint16_t receive_from_ring(
    struct rte_ring *ring, struct rte_mbuf **packets, uint32_t burst)
{
    return (uint16_t)rte_ring_dequeue_burst(ring, (void **)packets, burst, NULL);
}

static __rte_noinline __rte_unused uint16_t transmit_to_ring(
    struct rte_ring *ring, struct rte_mbuf **packets, uint32_t packet_count)
{
    return (uint16_t)rte_ring_enqueue_burst(ring, (void **)packets, packet_count, NULL);
}

// Of all inputs, once for a step: before them, so that there are never more idle ones.
static inline void count_polls(struct task *task)
{
    count(&task->statistics->polls, task->input_count);
}

static inline uint16_t receive(struct task *task, const struct input *input, struct rte_mbuf **packets)
{
    struct vnfkit_task_statistics *statistics = task->statistics;
    uint16_t received;

    if (unlikely(input->ring != NULL))
        received = receive_from_ring(input->ring, packets, task->burst);
    else if (unlikely(input->receiver != NULL))
        received = input->receive(input->receiver, task, packets);
    else
        received = rte_eth_rx_burst(input->port, input->queue, packets, (uint16_t)task->burst);
    if (received == 0)
        count(&statistics->idle_polls, 1);
    else
        count(&statistics->received, received);
    return received;
}

static inline uint16_t transmit_once(const struct output *output, struct rte_mbuf **packets, uint16_t packet_count)
{
    return unlikely(output->ring != NULL)
        ? transmit_to_ring(output->ring, packets, packet_count)
        : rte_eth_tx_burst(output->port, output->queue, packets, packet_count);
}

static inline void drop(struct task *task, struct rte_mbuf *packet, int reason)
{
    count(&task->statistics->drops[reason], 1);
    rte_pktmbuf_free(packet);
}

static inline void drop_all(struct task *task, struct rte_mbuf **packets, uint32_t packet_count, int reason)
{
    count(&task->statistics->drops[reason], packet_count);
    rte_pktmbuf_free_bulk(packets, packet_count);
}

// Sends, offers again what did not fit, drops the rest. A driver may refuse a single packet for ever, so tries end.
static inline void transmit(struct task *task, struct output *output, struct rte_mbuf **packets, uint16_t packet_count)
{
    uint16_t sent;

    if (unlikely(output->sender != NULL)) {
        output->send(output->sender, task, packets, packet_count);
        return;
    }
    sent = transmit_once(output, packets, packet_count);
    for (uint32_t tries = 1; unlikely(sent < packet_count) && tries < task->transmit_tries; tries++)
        sent = (uint16_t)(sent + transmit_once(output, packets + sent, (uint16_t)(packet_count - sent)));
    count(&task->statistics->sent, sent);
    if (unlikely(sent < packet_count))
        drop_all(task, packets + sent, packet_count - sent, VNFKIT_DROP_OUTPUT_FULL);
}

static inline void flush(struct task *task, struct output *output)
{
    if (output->count == 0)
        return;
    transmit(task, output, output->pending, (uint16_t)output->count);
    output->count = 0;
}

static inline void flush_all(struct task *task)
{
    for (uint32_t i = 0; i < task->output_count; i++)
        flush(task, &task->outputs[i]);
}

static inline void send_later(struct task *task, struct output *output, struct rte_mbuf *packet)
{
    output->pending[output->count++] = packet;
    if (output->count == task->burst)
        flush(task, output);
}

// For a function that looks after full outputs once for a burst, by flush_full, and not for each packet.
static inline void queue(struct output *output, struct rte_mbuf *packet)
{
    output->pending[output->count++] = packet;
}

static inline void flush_full(struct task *task)
{
    for (uint32_t i = 0; i < task->output_count; i++)
        if (task->outputs[i].count >= task->burst)
            flush(task, &task->outputs[i]);
}

static inline uint64_t bytes_of(struct rte_mbuf *const *packets, size_t packet_count)
{
    uint64_t bytes = 0;

    for (size_t i = 0; i < packet_count; i++)
        bytes += packets[i]->pkt_len;
    return bytes;
}

// So many packets ahead the data of a packet is asked for, while those before it are worked on.
#define PREFETCH_AHEAD 4

static inline void prefetch_data(struct rte_mbuf *const *packets, uint16_t index, uint16_t packet_count)
{
    if (index < packet_count)
        rte_prefetch0(rte_pktmbuf_mtod(packets[index], void *));
}

static inline void prefetch_first(struct rte_mbuf *const *packets, uint16_t packet_count)
{
    for (uint16_t i = 0; i < PREFETCH_AHEAD; i++)
        prefetch_data(packets, i, packet_count);
}

// For a function that works on four packets at once: asks for the data of the four behind those from index on.
static inline void prefetch_next(struct rte_mbuf *const *packets, size_t index, size_t packet_count)
{
    // One branch for whole fours.
    if (likely(index + 2 * PREFETCH_AHEAD <= packet_count)) {
        for (size_t i = index + PREFETCH_AHEAD; i < index + 2 * PREFETCH_AHEAD; i++)
            rte_prefetch0(rte_pktmbuf_mtod(packets[i], void *));
        return;
    }
    for (size_t i = index + PREFETCH_AHEAD; i < packet_count; i++)
        rte_prefetch0(rte_pktmbuf_mtod(packets[i], void *));
}

#endif
