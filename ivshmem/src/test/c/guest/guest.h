/* SPDX-License-Identifier: Apache-2.0 */
/* The guest of QemuGuestIT: what its parts share, and where the words lie that it and Java exchange. */
#ifndef VNFKIT_GUEST_H
#define VNFKIT_GUEST_H

#include <stddef.h>
#include <stdint.h>

/* Where the test puts the devices. */
#define PLAIN "0000:00:10.0"
#define PLAIN_READ_ONLY "0000:00:11.0"
#define DOORBELL "0000:00:12.0"

/* Indexes of 64-bit words in the memory of PLAIN. */
enum plain_word {
    PLAIN_FROM_HOST,
    PLAIN_FROM_GUEST,
    PLAIN_SEEN_READ_ONLY,
    PLAIN_SEEN_AFTER_WRITE,
};

/* Indexes of 64-bit words in the memory of PLAIN_READ_ONLY. */
enum read_only_word {
    READ_ONLY_FROM_HOST,
    READ_ONLY_UNTOUCHED,
};

/* Indexes of 64-bit words in the memory of DOORBELL. */
enum doorbell_word {
    HOST_ID,
    GUEST_ID,
    HOST_ROUND,
    GUEST_ROUND,
};

#define LAST_ROUND UINT64_MAX
#define VECTORS 2

/* Ends the machine if the condition does not hold, and says what was tried. */
void require(int condition, const char *what, const char *which);

/* Writes a text to a file of the kernel. */
void put(const char *path, const char *text);

/* Maps BAR 2 of a device without a driver. */
volatile uint64_t *pci_map_memory(const char *address, size_t *size);

/* A device that vfio-pci owns, with an eventfd for each MSI-X vector. */
struct vfio {
    int device;
    uint64_t registers;
    volatile uint64_t *memory;
    int vectors[VECTORS];
};

void vfio_open(struct vfio *vfio, const char *address);
uint32_t vfio_position(const struct vfio *vfio);
void vfio_ring(const struct vfio *vfio, uint32_t peer, uint32_t vector);
/* Waits for an interrupt and gives its vector. */
uint32_t vfio_wait(const struct vfio *vfio);

#endif
