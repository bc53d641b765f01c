/* SPDX-License-Identifier: Apache-2.0 */
#include "guest.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

volatile uint64_t *pci_map_memory(const char *address, size_t *size)
{
    char path[128];
    struct stat status;
    void *memory;
    int file;

    /* Without a driver nobody has switched the decoding of its memory on. */
    snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/enable", address);
    put(path, "1");
    /* On AMD hosts resource2 alone is mapped uncached, which is very slow; behind this BAR is ordinary memory. */
    snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource2_wc", address);
    file = open(path, O_RDWR | O_SYNC);
    require(file >= 0 && fstat(file, &status) == 0, "open", path);
    *size = (size_t)status.st_size;
    memory = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    require(memory != MAP_FAILED, "map", path);
    close(file);
    return memory;
}
