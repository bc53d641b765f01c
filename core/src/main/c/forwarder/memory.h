// SPDX-License-Identifier: Apache-2.0
// Mempools and rings by handle.
#ifndef VNFKIT_MEMORY_H
#define VNFKIT_MEMORY_H

#include "forwarder.h"

struct rte_mempool;
struct rte_ring;

struct rte_mempool *pool_of(int handle);
struct rte_ring *ring_of(int handle);
// A handle for a mempool that somebody else makes and frees.
int pool_lend(struct rte_mempool *pool);
void pool_take_back(int handle);

#endif
