// SPDX-License-Identifier: Apache-2.0
/*
 * One side of DPDK rings in memory that others share, which works when it is told to:
 *
 *     ring_loops FILE put RING BATCH      enqueues numbers in batches, as fast as it can
 *     ring_loops FILE take RING BATCH     dequeues them, and checks that none is missing
 *     ring_loops FILE ping RING RING      sends a number over the first and waits until it is back over the second
 *     ring_loops FILE pong RING RING      sends back over the first what comes over the second
 *
 * RING is the offset of a struct rte_ring in FILE. Commands on standard input, one a line:
 *
 *     start      begins, or goes on; the answer is "ready"
 *     count      "count", elements or round trips, nanoseconds of the clock, CPU time of the loop
 *     stop       "ready" when the loop has stopped
 *     latencies  "latencies", and pairs of nanoseconds and count, since the last start
 *
 * Needs no EAL: all that it calls of DPDK is inline.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <rte_pause.h>
#include <rte_ring.h>

#define MAX_BATCH 1024
// Latencies are counted by the nanosecond, long ones by the microsecond.
#define SHORT 65536
#define LONG 65536

static struct {
    struct rte_ring *out, *in;
    unsigned int batch;
    void (*loop)(void);
    uint64_t next;
    int is_under_way;
    pthread_t thread;
} side;

// The one who asks reads and writes these while the loop runs.
static struct {
    int running __attribute__((aligned(128)));
    uint64_t done __attribute__((aligned(128)));
} progress __attribute__((aligned(128)));

static uint32_t short_latencies[SHORT], long_latencies[LONG];

static void check(int succeeded, const char *what)
{
    if (succeeded)
        return;
    fprintf(stderr, "ring_loops: %s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t now(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static int is_running(void)
{
    return __atomic_load_n(&progress.running, __ATOMIC_RELAXED);
}

static void done(uint64_t elements)
{
    __atomic_store_n(&progress.done, elements, __ATOMIC_RELAXED);
}

static void put_singly(void)
{
    while (is_running()) {
        if (rte_ring_sp_enqueue_elem(side.out, &side.next, sizeof(uint64_t)) == 0)
            side.next++;
        else
            rte_pause();
    }
}

static void put(void)
{
    static uint64_t batch[MAX_BATCH];

    while (is_running()) {
        unsigned int count;

        for (unsigned int i = 0; i < side.batch; i++)
            batch[i] = side.next + i;
        count = rte_ring_sp_enqueue_burst_elem(side.out, batch, sizeof(uint64_t), side.batch, NULL);
        side.next += count;
        if (count == 0)
            rte_pause();
    }
}

static void take(void)
{
    static uint64_t batch[MAX_BATCH];

    while (is_running()) {
        unsigned int count = rte_ring_sc_dequeue_burst_elem(side.in, batch, sizeof(uint64_t), side.batch, NULL);

        if (count == 0) {
            rte_pause();
            continue;
        }
        for (unsigned int i = 0; i < count; i++)
            if (batch[i] != side.next + i) {
                fprintf(stderr, "ring_loops: %" PRIu64 " came, not %" PRIu64 "\n", batch[i], side.next + i);
                exit(1);
            }
        side.next += count;
        done(side.next);
    }
}

// Without a pause between two looks. Returns 0 if the loop was told to stop.
static int await(uint64_t *number)
{
    while (rte_ring_sc_dequeue_elem(side.in, number, sizeof(*number)) != 0)
        if (!is_running())
            return 0;
    return 1;
}

static void send(uint64_t number)
{
    rte_ring_sp_enqueue_elem(side.out, &number, sizeof(number));
}

static int take_back(void)
{
    uint64_t number;

    if (!await(&number))
        return 0;
    if (number != side.next) {
        fprintf(stderr, "ring_loops: %" PRIu64 " came back, not %" PRIu64 "\n", number, side.next);
        exit(1);
    }
    side.is_under_way = 0;
    side.next++;
    return 1;
}

static void record(uint64_t latency)
{
    uint64_t microseconds = latency / 1000;

    if (latency < SHORT)
        short_latencies[latency]++;
    else
        long_latencies[microseconds < LONG ? microseconds : LONG - 1]++;
}

static void ping(void)
{
    uint64_t sent;

    memset(short_latencies, 0, sizeof(short_latencies));
    memset(long_latencies, 0, sizeof(long_latencies));
    // When stopped in the middle, one is still under way.
    if (side.is_under_way && !take_back())
        return;
    sent = now(CLOCK_MONOTONIC);
    while (is_running()) {
        uint64_t arrived;

        send(side.next);
        side.is_under_way = 1;
        if (!take_back())
            return;
        arrived = now(CLOCK_MONOTONIC);
        record(arrived - sent);
        sent = arrived;
        done(side.next);
    }
}

static void pong(void)
{
    uint64_t number;

    while (await(&number))
        send(number);
}

static void *run(void *unused)
{
    (void)unused;
    side.loop();
    return NULL;
}

static void stop(void)
{
    __atomic_store_n(&progress.running, 0, __ATOMIC_RELAXED);
    pthread_join(side.thread, NULL);
}

static void show_count(void)
{
    clockid_t clock;
    uint64_t elements = __atomic_load_n(&progress.done, __ATOMIC_RELAXED);

    errno = pthread_getcpuclockid(side.thread, &clock);
    check(errno == 0, "CPU time of the loop");
    printf("count %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", elements, now(CLOCK_MONOTONIC), now(clock));
}

static void show_latencies(void)
{
    printf("latencies");
    for (unsigned int i = 0; i < SHORT; i++)
        if (short_latencies[i] != 0)
            printf(" %u %" PRIu32, i, short_latencies[i]);
    for (unsigned int i = 0; i < LONG; i++)
        if (long_latencies[i] != 0)
            printf(" %u %" PRIu32, i * 1000, long_latencies[i]);
    printf("\n");
}

static void carry_out(const char *command)
{
    if (strcmp(command, "start\n") == 0) {
        __atomic_store_n(&progress.running, 1, __ATOMIC_RELAXED);
        errno = pthread_create(&side.thread, NULL, run, NULL);
        check(errno == 0, "thread");
        puts("ready");
    } else if (strcmp(command, "stop\n") == 0) {
        stop();
        puts("ready");
    } else if (strcmp(command, "count\n") == 0) {
        show_count();
    } else if (strcmp(command, "latencies\n") == 0) {
        show_latencies();
    } else {
        fprintf(stderr, "ring_loops: unknown command: %s", command);
        exit(2);
    }
}

static uint8_t *map(const char *path)
{
    int file = open(path, O_RDWR | O_CLOEXEC);
    struct stat status;
    void *bytes;

    check(file >= 0 && fstat(file, &status) == 0, path);
    bytes = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    check(bytes != MAP_FAILED, path);
    close(file);
    return bytes;
}

static int take_part(const char *path, const char *role, uint64_t first, uint64_t second)
{
    uint8_t *memory = map(path);

    side.out = (struct rte_ring *)(memory + first);
    side.batch = (unsigned int)second;
    if (strcmp(role, "put") == 0 && second >= 1 && second <= MAX_BATCH) {
        side.loop = second == 1 ? put_singly : put;
    } else if (strcmp(role, "take") == 0 && second >= 1 && second <= MAX_BATCH) {
        side.in = side.out;
        side.loop = take;
    } else if (strcmp(role, "ping") == 0 || strcmp(role, "pong") == 0) {
        side.in = (struct rte_ring *)(memory + second);
        side.loop = role[1] == 'i' ? ping : pong;
    } else {
        return 0;
    }
    return 1;
}

int main(int count, char **arguments)
{
    char command[32];

    if (count != 5 || !take_part(arguments[1], arguments[2], strtoull(arguments[3], NULL, 10),
                                 strtoull(arguments[4], NULL, 10))) {
        fputs("usage: ring_loops FILE put|take RING BATCH, or ring_loops FILE ping|pong RING RING\n", stderr);
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    puts("ready");
    while (fgets(command, sizeof(command), stdin) != NULL)
        carry_out(command);
    return 0;
}
