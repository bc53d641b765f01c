/* SPDX-License-Identifier: Apache-2.0 */
/*
 * First and only process of the guest in QemuGuestIT. It reads and writes shared memory through BAR 2 of ivshmem
 * devices, rings the doorbell in BAR 0 and takes MSI-X interrupts, as a network function does it in user space.
 */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MODULE_INIT_COMPRESSED_FILE 4

/* An init that returns is a panic, so every way out is this. */
static _Noreturn void end(void)
{
    fflush(stdout);
    reboot(RB_POWER_OFF);
    for (;;)
        pause();
}

void require(int condition, const char *what, const char *which)
{
    if (condition)
        return;
    printf("guest: cannot %s %s: %s\n", what, which, strerror(errno));
    end();
}

void put(const char *path, const char *text)
{
    int file = open(path, O_WRONLY);

    require(file >= 0, "open", path);
    require(write(file, text, strlen(text)) == (ssize_t)strlen(text), "write", path);
    close(file);
}

static void load(const char *name)
{
    char path[256];
    int file, flags;

    snprintf(path, sizeof(path), "/modules/%s", name);
    file = open(path, O_RDONLY | O_CLOEXEC);
    require(file >= 0, "open", path);
    flags = strcmp(name + strlen(name) - 3, ".ko") == 0 ? 0 : MODULE_INIT_COMPRESSED_FILE;
    require(syscall(SYS_finit_module, file, "", flags) == 0 || errno == EEXIST, "load", path);
    close(file);
}

static void load_modules(void)
{
    FILE *order = fopen("/modules/order", "r");
    char name[128];

    require(order != NULL, "open", "/modules/order");
    while (fscanf(order, "%127s", name) == 1)
        load(name);
    fclose(order);
}

static void mount_file_systems(void)
{
    require(mount("proc", "/proc", "proc", 0, "") == 0, "mount", "/proc");
    require(mount("sysfs", "/sys", "sysfs", 0, "") == 0, "mount", "/sys");
    require(mount("dev", "/dev", "devtmpfs", 0, "") == 0 || errno == EBUSY, "mount", "/dev");
}

static void exchange_plain_memory(void)
{
    size_t size;
    volatile uint64_t *plain = pci_map_memory(PLAIN, &size);
    volatile uint64_t *read_only = pci_map_memory(PLAIN_READ_ONLY, &size);

    plain[PLAIN_SEEN_READ_ONLY] = read_only[READ_ONLY_FROM_HOST];
    read_only[READ_ONLY_UNTOUCHED] = 1;
    plain[PLAIN_SEEN_AFTER_WRITE] = read_only[READ_ONLY_UNTOUCHED];
    __atomic_store_n(&plain[PLAIN_FROM_GUEST], ~plain[PLAIN_FROM_HOST], __ATOMIC_RELEASE);
}

/* Tells Java that it is there, and then gives each round back with the vector that it came by. */
static void answer_rounds(const struct vfio *vfio)
{
    volatile uint64_t *memory = vfio->memory;
    uint32_t host = (uint32_t)memory[HOST_ID];
    uint64_t round = 0;

    memory[GUEST_ID] = vfio_position(vfio);
    printf("guest: peer %u, rings peer %u\n", vfio_position(vfio), host);
    vfio_ring(vfio, host, 0);
    while (round != LAST_ROUND) {
        uint32_t vector = vfio_wait(vfio);

        round = __atomic_load_n(&memory[HOST_ROUND], __ATOMIC_ACQUIRE);
        __atomic_store_n(&memory[GUEST_ROUND], round, __ATOMIC_RELEASE);
        vfio_ring(vfio, host, vector);
    }
}

int main(void)
{
    struct vfio vfio;

    mount_file_systems();
    load_modules();
    exchange_plain_memory();
    vfio_open(&vfio, DOORBELL);
    answer_rounds(&vfio);
    printf("guest: done\n");
    end();
}
