// SPDX-License-Identifier: Apache-2.0
// What the tests of channels share: an EAL in ordinary memory, a task without an lcore, packets that are known again.
#ifndef VNFKIT_CHANNEL_FIXTURE_H
#define VNFKIT_CHANNEL_FIXTURE_H

#include "channel.h"
#include "channel_peer.h"
#include "check.h"
#include "descriptor.h"
#include "memory.h"
#include "task.h"

#include <errno.h>
#include <rte_eal.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 16u
#define BUFFER 2048u
#define FIRST (PEER_FIRST_OBJECT + 65536u)
#define SECOND (FIRST + (512u << 10))
#define BURST 8u

static struct vnfkit_task_statistics statistics;
static struct task *task;
static struct peer_memory memory;
static uint64_t seed = 1;

int port_is_valid(uint32_t port)
{
    (void)port;
    return 0;
}

static inline void begin(void)
{
    memset(&statistics, 0, sizeof statistics);
    memory = peer_memory_create();
}

static inline int open_as(struct vnfkit_channel_config config, uint32_t side)
{
    config.side = side;
    return vnfkit_channel_open(&config);
}

static inline struct vnfkit_channel_info info_of(int handle)
{
    struct vnfkit_channel_info info = { 0 };

    CHECK(vnfkit_channel_info(handle, &info) == 0, "channel %d", handle);
    return info;
}

static inline void end_channel(int handle)
{
    int result = vnfkit_channel_close(handle);

    CHECK(result == 0, "closing: %d", result);
}

static inline void fill(uint8_t *bytes, uint32_t length, uint32_t mark)
{
    for (uint32_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)(mark * 31 + i * 7);
}

static inline int is_filled(const uint8_t *bytes, uint32_t length, uint32_t mark)
{
    for (uint32_t i = 0; i < length; i++)
        if (bytes[i] != (uint8_t)(mark * 31 + i * 7))
            return 0;
    return 1;
}

static inline struct rte_mbuf *make(struct rte_mempool *pool, uint32_t length, uint32_t mark)
{
    struct rte_mbuf *packet = rte_pktmbuf_alloc(pool);

    if (packet == NULL)
        return NULL;
    packet->data_len = (uint16_t)length;
    packet->pkt_len = length;
    fill(rte_pktmbuf_mtod(packet, uint8_t *), length, mark);
    return packet;
}

static size_t free_before;

static inline size_t free_in_heap(void)
{
    struct rte_malloc_socket_stats heap;

    rte_malloc_get_socket_stats(0, &heap);
    return heap.heap_freesz_bytes;
}

static inline void start_eal(void)
{
    static char *arguments[] = { "channel_test", "--no-huge", "-m", "64", "--no-pci", "--no-shconf", "--no-telemetry",
        "--lcores", "0@0", "--log-level", "*:critical", NULL };

    if (rte_eal_init(sizeof arguments / sizeof arguments[0] - 1, arguments) < 0)
        exit(1);
    task = aligned_alloc(64, sizeof *task);
    memset(task, 0, sizeof *task);
    task->statistics = &statistics;
    task->burst = BURST;
    task->transmit_tries = 2;
    free_before = free_in_heap();
}

static inline int all_is_back(const char *name)
{
    CHECK(free_in_heap() == free_before, "%zu bytes of the heap are not back", free_before - free_in_heap());
    free(task);
    return check_result(name);
}

#endif
