// SPDX-License-Identifier: Apache-2.0
/*
 * DPDK's rings in memory that a Java program shares:
 *
 *     ring_peer FILE
 *
 * maps FILE and carries out the commands on its standard input, one a line, each answered by one line. RING is the offset
 * of a ring in the file, ELEMENT the bytes of an element. Elements are numbered; the words of each follow from its number.
 *
 *     layout                              offsets of the fields of struct rte_ring that are not private to DPDK
 *     length ELEMENT SLOTS                what rte_ring_get_memsize_elem says
 *     init RING SLOTS FLAGS               rte_ring_init; 0, or an error
 *     begin RING INDEX                    lets an empty ring begin at an index other than 0
 *     state RING                          count, free count, full, empty, and the four indexes
 *     put RING ELEMENT NUMBER COUNT MODE  enqueues COUNT elements from NUMBER on, MODE bulk or burst; how many were
 *     take RING ELEMENT NUMBER COUNT MODE dequeues up to COUNT elements, which have to be those from NUMBER on; how many
 *     produce RING ELEMENT NUMBER COUNT   enqueues COUNT elements in bursts of all sizes while the other side takes them
 *     consume RING ELEMENT NUMBER COUNT   dequeues them while the other side puts them in
 *
 * Needs no EAL: what it calls of DPDK is inline, or touches nothing but the ring.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rte_ring.h>

#define MOST 64
#define WORDS 8
// A peer that waits for elements that never come shall not outlive its test.
#define PATIENCE 120

struct mapping {
    uint8_t *bytes;
    size_t length;
};

static uint64_t elements[MOST * WORDS];

static void __attribute__((format(printf, 1, 2), noreturn)) fail(const char *format, ...)
{
    va_list values;

    va_start(values, format);
    printf("error: ");
    vprintf(format, values);
    printf("\n");
    va_end(values);
    exit(1);
}

static struct mapping map(const char *path)
{
    int file = open(path, O_RDWR | O_CLOEXEC);
    struct stat status;
    void *bytes;

    if (file < 0 || fstat(file, &status) != 0)
        fail("%s: %m", path);
    bytes = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (bytes == MAP_FAILED)
        fail("mapping %s: %m", path);
    close(file);
    return (struct mapping){ bytes, (size_t)status.st_size };
}

// The other side makes the same of a number: SplitMix64, so that no two words are alike.
static uint64_t word_of(uint64_t number, unsigned int word)
{
    uint64_t mixed = (number * WORDS + word + 1) * 0x9e3779b97f4a7c15;

    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
}

static unsigned int put(struct rte_ring *ring, unsigned int element, uint64_t number, unsigned int count, int bulk)
{
    unsigned int words = element / sizeof(uint64_t);

    for (unsigned int i = 0; i < count; i++)
        for (unsigned int word = 0; word < words; word++)
            elements[i * words + word] = word_of(number + i, word);
    if (bulk)
        return rte_ring_sp_enqueue_bulk_elem(ring, elements, element, count, NULL);
    return rte_ring_sp_enqueue_burst_elem(ring, elements, element, count, NULL);
}

static unsigned int take(struct rte_ring *ring, unsigned int element, uint64_t number, unsigned int count, int bulk)
{
    unsigned int words = element / sizeof(uint64_t);
    unsigned int taken;

    if (bulk)
        taken = rte_ring_sc_dequeue_bulk_elem(ring, elements, element, count, NULL);
    else
        taken = rte_ring_sc_dequeue_burst_elem(ring, elements, element, count, NULL);
    for (unsigned int i = 0; i < taken; i++)
        for (unsigned int word = 0; word < words; word++)
            if (elements[i * words + word] != word_of(number + i, word))
                fail("word %u of element %" PRIu64 " is %" PRIx64 ", not %" PRIx64, word, number + i,
                     elements[i * words + word], word_of(number + i, word));
    return taken;
}

// All sizes from 1 to MOST, in an order that does not repeat with the ring.
static unsigned int burst_of(uint64_t number, uint64_t left)
{
    unsigned int size = 1 + word_of(number, WORDS) % MOST;

    return size < left ? size : (unsigned int)left;
}

static void produce(struct rte_ring *ring, unsigned int element, uint64_t number, uint64_t count)
{
    uint64_t end = number + count;

    while (number < end) {
        unsigned int done = put(ring, element, number, burst_of(number, end - number), 0);

        number += done;
        if (done == 0)
            sched_yield();
    }
}

static void consume(struct rte_ring *ring, unsigned int element, uint64_t number, uint64_t count)
{
    uint64_t end = number + count;

    while (number < end) {
        unsigned int done = take(ring, element, number, burst_of(number, end - number), 0);

        number += done;
        if (done == 0)
            sched_yield();
    }
}

static void begin(struct rte_ring *ring, uint32_t index)
{
    ring->prod.head = ring->prod.tail = index;
    ring->cons.head = ring->cons.tail = index;
}

static void show_layout(void)
{
    printf("flags=%zu size=%zu mask=%zu capacity=%zu prod.head=%zu prod.tail=%zu prod.sync_type=%zu cons.head=%zu"
           " cons.tail=%zu cons.sync_type=%zu table=%zu\n",
           offsetof(struct rte_ring, flags), offsetof(struct rte_ring, size), offsetof(struct rte_ring, mask),
           offsetof(struct rte_ring, capacity), offsetof(struct rte_ring, prod.head),
           offsetof(struct rte_ring, prod.tail), offsetof(struct rte_ring, prod.sync_type),
           offsetof(struct rte_ring, cons.head), offsetof(struct rte_ring, cons.tail),
           offsetof(struct rte_ring, cons.sync_type), sizeof(struct rte_ring));
}

static void show_state(const struct rte_ring *ring)
{
    printf("count=%u free=%u full=%d empty=%d prod.head=%u prod.tail=%u cons.head=%u cons.tail=%u\n",
           rte_ring_count(ring), rte_ring_free_count(ring), rte_ring_full(ring), rte_ring_empty(ring), ring->prod.head,
           ring->prod.tail, ring->cons.head, ring->cons.tail);
}

static struct rte_ring *ring_at(struct mapping region, uint64_t offset)
{
    if (offset % RTE_CACHE_LINE_SIZE != 0 || offset > region.length - sizeof(struct rte_ring))
        fail("no ring can be at %" PRIu64 " of %zu bytes", offset, region.length);
    return (struct rte_ring *)(region.bytes + offset);
}

static void carry_out(struct mapping region, const char *line)
{
    uint64_t offset, number, count;
    unsigned int element, slots, flags;
    char command[16], mode[16] = "";
    struct rte_ring *ring;

    if (strncmp(line, "layout", 6) == 0) {
        show_layout();
    } else if (sscanf(line, "length %u %u", &element, &slots) == 2) {
        printf("%zd\n", rte_ring_get_memsize_elem(element, slots));
    } else if (sscanf(line, "init %" SCNu64 " %u %u", &offset, &slots, &flags) == 3) {
        printf("%d\n", rte_ring_init(ring_at(region, offset), "made-by-dpdk", slots, flags));
    } else if (sscanf(line, "begin %" SCNu64 " %" SCNu64, &offset, &number) == 2) {
        begin(ring_at(region, offset), (uint32_t)number);
        puts("0");
    } else if (sscanf(line, "state %" SCNu64, &offset) == 1) {
        show_state(ring_at(region, offset));
    } else if (sscanf(line, "%15s %" SCNu64 " %u %" SCNu64 " %" SCNu64 " %15s", command, &offset, &element, &number,
                      &count, mode) >= 5 && element % sizeof(uint64_t) == 0 && element <= WORDS * sizeof(uint64_t)) {
        ring = ring_at(region, offset);
        if (strcmp(command, "produce") == 0)
            produce(ring, element, number, count);
        else if (strcmp(command, "consume") == 0)
            consume(ring, element, number, count);
        else if (count > MOST)
            fail("%" PRIu64 " elements at once, where %d is the most", count, MOST);
        else if (strcmp(command, "put") == 0)
            count = put(ring, element, number, (unsigned int)count, strcmp(mode, "bulk") == 0);
        else if (strcmp(command, "take") == 0)
            count = take(ring, element, number, (unsigned int)count, strcmp(mode, "bulk") == 0);
        else
            fail("unknown command: %s", line);
        printf("%" PRIu64 "\n", count);
    } else {
        fail("unknown command: %s", line);
    }
    fflush(stdout);
}

int main(int count, char **arguments)
{
    struct mapping region;
    char line[256];

    if (count != 2) {
        fputs("usage: ring_peer FILE\n", stderr);
        return 2;
    }
    region = map(arguments[1]);
    while (alarm(PATIENCE), fgets(line, sizeof(line), stdin) != NULL)
        carry_out(region, line);
    return 0;
}
