// SPDX-License-Identifier: Apache-2.0
#include "memory.h"

#include "handles.h"

#include <rte_errno.h>
#include <rte_mbuf.h>
#include <rte_memcpy.h>
#include <rte_ring.h>

static struct handles pools;
static struct handles rings;
// Pools without a handle whose mbufs are not all back.
static struct handles retired;

struct rte_mempool *pool_of(int handle)
{
    return handle_get(&pools, handle);
}

struct rte_ring *ring_of(int handle)
{
    return handle_get(&rings, handle);
}

int pool_lend(struct rte_mempool *pool)
{
    return handle_put(&pools, pool);
}

void pool_take_back(int handle)
{
    handle_take(&pools, handle);
}

static void free_retired(void)
{
    for (int i = 0; i < HANDLES; i++) {
        struct rte_mempool *pool = handle_get(&retired, i);

        if (pool != NULL && rte_mempool_full(pool))
            rte_mempool_free(handle_take(&retired, i));
    }
}

int vnfkit_pool_create(const char *name, uint32_t mbufs, uint32_t cache, uint32_t data_room, int node)
{
    struct rte_mempool *pool;
    int handle;

    if (data_room > UINT16_MAX - RTE_PKTMBUF_HEADROOM)
        return -EINVAL;
    free_retired();
    pool = rte_pktmbuf_pool_create(name, mbufs, cache, 0, (uint16_t)(data_room + RTE_PKTMBUF_HEADROOM), node);
    if (pool == NULL)
        return -rte_errno;
    handle = handle_put(&pools, pool);
    if (handle < 0)
        rte_mempool_free(pool);
    return handle;
}

int vnfkit_pool_free(int handle)
{
    struct rte_mempool *pool = handle_take(&pools, handle);

    if (pool == NULL)
        return -EBADF;
    rte_mempool_free(pool);
    free_retired();
    return 0;
}

int64_t vnfkit_pool_retire(int handle)
{
    struct rte_mempool *pool = handle_take(&pools, handle);
    int64_t out;

    if (pool == NULL)
        return -EBADF;
    free_retired();
    out = (int64_t)rte_mempool_in_use_count(pool);
    // With no place left to remember it, it stays for as long as the process: freeing it is what must not happen.
    if (out == 0)
        rte_mempool_free(pool);
    else
        handle_put(&retired, pool);
    return out;
}

int64_t vnfkit_pool_available(int handle)
{
    struct rte_mempool *pool = pool_of(handle);

    return pool == NULL ? -EBADF : (int64_t)rte_mempool_avail_count(pool);
}

int vnfkit_ring_create(const char *name, uint32_t size, int node, int one_producer, int one_consumer)
{
    unsigned int flags = RING_F_EXACT_SZ | (one_producer ? RING_F_SP_ENQ : 0) | (one_consumer ? RING_F_SC_DEQ : 0);
    struct rte_ring *ring = rte_ring_create(name, size, node, flags);
    int handle;

    if (ring == NULL)
        return -rte_errno;
    handle = handle_put(&rings, ring);
    if (handle < 0)
        rte_ring_free(ring);
    return handle;
}

int vnfkit_ring_free(int handle)
{
    struct rte_ring *ring = handle_take(&rings, handle);

    if (ring == NULL)
        return -EBADF;
    rte_ring_free(ring);
    return 0;
}

int64_t vnfkit_ring_count(int handle)
{
    struct rte_ring *ring = ring_of(handle);

    return ring == NULL ? -EBADF : (int64_t)rte_ring_count(ring);
}

int vnfkit_ring_fill(int ring_handle, int pool_handle, uint32_t count, const uint8_t *frame, uint32_t length)
{
    struct rte_ring *ring = ring_of(ring_handle);
    struct rte_mempool *pool = pool_of(pool_handle);

    if (ring == NULL || pool == NULL)
        return -EBADF;
    if (length > UINT16_MAX)
        return -EINVAL;
    for (uint32_t i = 0; i < count; i++) {
        struct rte_mbuf *m = rte_pktmbuf_alloc(pool);
        char *data = m != NULL ? rte_pktmbuf_append(m, (uint16_t)length) : NULL;

        if (data != NULL)
            rte_memcpy(data, frame, length);
        // From here on the packet may be another lcore's.
        if (data == NULL || rte_ring_enqueue(ring, m) != 0) {
            rte_pktmbuf_free(m);
            return data == NULL ? -ENOMEM : -ENOBUFS;
        }
    }
    return 0;
}

int64_t vnfkit_ring_drain(int handle)
{
    struct rte_ring *ring = ring_of(handle);
    void *m;
    int64_t count = 0;

    if (ring == NULL)
        return -EBADF;
    while (rte_ring_dequeue(ring, &m) == 0) {
        rte_pktmbuf_free(m);
        count++;
    }
    return count;
}
