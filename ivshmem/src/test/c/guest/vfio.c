/* SPDX-License-Identifier: Apache-2.0 */
#include "guest.h"

#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

/* Registers of BAR 0 (QEMU, docs/specs/ivshmem-spec). */
#define IV_POSITION 8
#define DOORBELL_REGISTER 12

static void give_to_vfio(const char *address)
{
    char path[128];

    snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/driver_override", address);
    put(path, "vfio-pci");
    put("/sys/bus/pci/drivers_probe", address);
}

static int open_group(const char *address)
{
    char path[128], target[128];
    ssize_t length;
    int group;

    snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu_group", address);
    length = readlink(path, target, sizeof(target) - 1);
    require(length > 0, "find the IOMMU group", path);
    target[length] = '\0';
    snprintf(path, sizeof(path), "/dev/vfio/%d", atoi(strrchr(target, '/') + 1));
    group = open(path, O_RDWR);
    require(group >= 0, "open", path);
    return group;
}

static int open_device(const char *address)
{
    int container = open("/dev/vfio/vfio", O_RDWR);
    int group = open_group(address);
    int device;

    require(container >= 0, "open", "/dev/vfio/vfio");
    require(ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) == 0, "join the container", address);
    require(ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU) == 0, "use the IOMMU", address);
    device = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, address);
    require(device >= 0, "open the device", address);
    return device;
}

static struct vfio_region_info region(int device, uint32_t index)
{
    struct vfio_region_info info = {.argsz = sizeof(info), .index = index};

    require(ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &info) == 0, "find", "a region of the device");
    return info;
}

/* An interrupt by MSI-X is a write of the device, which a bus master alone may do. */
static void become_bus_master(int device)
{
    off_t at = (off_t)region(device, VFIO_PCI_CONFIG_REGION_INDEX).offset + PCI_COMMAND;
    uint16_t command;

    require(pread(device, &command, sizeof(command), at) == sizeof(command), "read", "the command register");
    command |= PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
    require(pwrite(device, &command, sizeof(command), at) == sizeof(command), "write", "the command register");
}

static void enable_vectors(struct vfio *vfio)
{
    union {
        struct vfio_irq_set set;
        char room[sizeof(struct vfio_irq_set) + sizeof(vfio->vectors)];
    } irqs;

    memset(&irqs, 0, sizeof(irqs));
    irqs.set.argsz = sizeof(irqs);
    irqs.set.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER;
    irqs.set.index = VFIO_PCI_MSIX_IRQ_INDEX;
    irqs.set.count = VECTORS;
    for (int i = 0; i < VECTORS; i++) {
        vfio->vectors[i] = eventfd(0, EFD_NONBLOCK);
        require(vfio->vectors[i] >= 0, "make", "an eventfd");
    }
    memcpy(irqs.set.data, vfio->vectors, sizeof(vfio->vectors));
    require(ioctl(vfio->device, VFIO_DEVICE_SET_IRQS, &irqs) == 0, "enable", "MSI-X");
}

void vfio_open(struct vfio *vfio, const char *address)
{
    struct vfio_region_info memory;

    give_to_vfio(address);
    vfio->device = open_device(address);
    vfio->registers = region(vfio->device, VFIO_PCI_BAR0_REGION_INDEX).offset;
    memory = region(vfio->device, VFIO_PCI_BAR2_REGION_INDEX);
    vfio->memory = mmap(NULL, memory.size, PROT_READ | PROT_WRITE, MAP_SHARED, vfio->device, (off_t)memory.offset);
    require(vfio->memory != MAP_FAILED, "map", "BAR 2 of the device");
    become_bus_master(vfio->device);
    enable_vectors(vfio);
}

uint32_t vfio_position(const struct vfio *vfio)
{
    uint32_t value;

    require(pread(vfio->device, &value, sizeof(value), (off_t)vfio->registers + IV_POSITION) == sizeof(value), "read",
            "IVPosition");
    return value;
}

void vfio_ring(const struct vfio *vfio, uint32_t peer, uint32_t vector)
{
    uint32_t value = peer << 16 | vector;

    require(pwrite(vfio->device, &value, sizeof(value), (off_t)vfio->registers + DOORBELL_REGISTER) == sizeof(value),
            "write", "the doorbell");
}

uint32_t vfio_wait(const struct vfio *vfio)
{
    struct pollfd ready[VECTORS];
    uint64_t count;

    for (int i = 0; i < VECTORS; i++)
        ready[i] = (struct pollfd){.fd = vfio->vectors[i], .events = POLLIN};
    require(poll(ready, VECTORS, -1) > 0, "wait for", "an interrupt");
    for (uint32_t i = 0; i < VECTORS; i++) {
        if (ready[i].revents && read(vfio->vectors[i], &count, sizeof(count)) == sizeof(count))
            return i;
    }
    require(0, "take", "an interrupt");
    return 0;
}
