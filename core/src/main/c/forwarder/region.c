// SPDX-License-Identifier: Apache-2.0
// rte_dev_dma_map; DPDK has not changed it since 18.11.
#define ALLOW_EXPERIMENTAL_API
#include "region.h"

#include "port.h"

#include <errno.h>
#include <rte_bus.h>
#include <rte_dev.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_memory.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define MAX_REGIONS 64
#define ORDINARY_PAGE 4096u

static struct region *regions[MAX_REGIONS];
// Which region was mapped for the device of which port.
static uint8_t is_mapped[MAX_REGIONS][RTE_MAX_ETHPORTS];

static int free_place(void)
{
    for (int i = 0; i < MAX_REGIONS; i++)
        if (regions[i] == NULL)
            return i;
    return -ENFILE;
}

static struct region *find(const struct stat *file)
{
    for (int i = 0; i < MAX_REGIONS; i++)
        if (regions[i] != NULL && regions[i]->device == file->st_dev && regions[i]->inode == file->st_ino)
            return regions[i];
    return NULL;
}

static int map(int descriptor, struct region *region)
{
    // Populated, so that no lcore stops for a page fault at the first packet in each page.
    region->base = mmap(NULL, region->size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, descriptor, 0);
    if (region->base == MAP_FAILED)
        return -errno;
    // Ordinary pages may move, and one physical address is that of a single page.
    region->iova = region->page_size > ORDINARY_PAGE && rte_eal_iova_mode() == RTE_IOVA_VA
        ? (uintptr_t)region->base : RTE_BAD_IOVA;
    return 0;
}

int region_attach(int descriptor, uint64_t size, uint64_t page_size, struct region **result)
{
    int place = free_place();
    struct region *region;
    struct stat file;
    int failure;

    if (fstat(descriptor, &file) != 0)
        return -errno;
    // What lies behind the end of a file is a SIGBUS for whoever touches it.
    if (page_size == 0 || size == 0 || size % page_size != 0 || (uint64_t)file.st_size < size)
        return -EINVAL;
    region = find(&file);
    if (region != NULL && region->size != size)
        return -EINVAL;
    if (region != NULL) {
        region->users++;
        *result = region;
        return 0;
    }
    region = place >= 0 ? calloc(1, sizeof *region) : NULL;
    if (region == NULL)
        return place < 0 ? place : -ENOMEM;
    region->size = size;
    region->page_size = page_size;
    region->device = file.st_dev;
    region->inode = file.st_ino;
    region->users = 1;
    failure = map(descriptor, region);
    if (failure) {
        free(region);
        return failure;
    }
    regions[place] = region;
    *result = region;
    return 0;
}

static struct rte_device *device_of(uint16_t port)
{
    struct rte_eth_dev_info info;

    return port_is_valid(port) && rte_eth_dev_info_get(port, &info) == 0 ? (struct rte_device *)(uintptr_t)info.device : NULL;
}

static void unmap(int place, uint16_t port)
{
    struct rte_device *device = is_mapped[place][port] ? device_of(port) : NULL;

    if (device != NULL)
        rte_dev_dma_unmap(device, regions[place]->base, regions[place]->iova, regions[place]->size);
    is_mapped[place][port] = 0;
}

void region_unmap_for_port(uint16_t port)
{
    for (int i = 0; i < MAX_REGIONS; i++)
        unmap(i, port);
}

void region_detach(struct region *region)
{
    if (--region->users > 0)
        return;
    for (int i = 0; i < MAX_REGIONS; i++)
        if (regions[i] == region) {
            for (uint16_t port = 0; port < RTE_MAX_ETHPORTS; port++)
                unmap(i, port);
            regions[i] = NULL;
        }
    if (region->is_registered)
        rte_extmem_unregister(region->base, region->size);
    munmap(region->base, region->size);
    free(region);
}

// Virtual devices read and write with the CPU.
static int is_virtual(const struct rte_device *device)
{
    const struct rte_bus *bus = rte_bus_find_by_device(device);

    return bus == NULL || strcmp(rte_bus_name(bus), "vdev") == 0;
}

// Not before a network card needs it: virtio-user and memif without copies want to send a descriptor of all memory that
// the EAL knows of, and do not start beside memory of others.
static int register_memory(struct region *region)
{
    if (region->is_registered)
        return 0;
    if (rte_extmem_register(region->base, region->size, NULL, 0, region->page_size) != 0)
        return -rte_errno;
    region->is_registered = 1;
    return 0;
}

static int map_for_device(const struct region *region, struct rte_device *device)
{
    return rte_dev_dma_map(device, region->base, region->iova, region->size) == 0 ? 0 : -rte_errno;
}

int region_map_for_port(uint16_t port)
{
    struct rte_device *device = device_of(port);
    int failure;

    if (device == NULL || is_virtual(device))
        return 0;
    for (int i = 0; i < MAX_REGIONS; i++) {
        if (regions[i] == NULL || is_mapped[i][port])
            continue;
        failure = regions[i]->iova == RTE_BAD_IOVA ? -ENOTSUP : register_memory(regions[i]);
        if (failure == 0)
            failure = map_for_device(regions[i], device);
        if (failure)
            return failure;
        is_mapped[i][port] = 1;
    }
    return 0;
}
