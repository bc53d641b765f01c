// SPDX-License-Identifier: Apache-2.0
// The EAL on a thread of its own. rte_eal_init pins its caller to the main lcore's CPU and makes its threads inherit
// that; a thread of the JVM must not be that caller. The thread stays, so that the main lcore can forward as well.
#define _GNU_SOURCE
#include "lcore.h"
#include "log.h"

#include <errno.h>
#include <pthread.h>
#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_log.h>
#include <rte_malloc.h>
#include <rte_version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct main_thread {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int argc;
    char **argv;
    int result;                   // of rte_eal_init
    int started;                  // rte_eal_init has returned
    int stop;
    void *job;                    // what the main lcore shall run, or runs
    FILE *log;
};

static struct main_thread main_thread = {
    .lock = PTHREAD_MUTEX_INITIALIZER,
    .changed = PTHREAD_COND_INITIALIZER,
};

uint32_t vnfkit_version(void)
{
    return VNFKIT_FORWARDER_VERSION;
}

const char *vnfkit_dpdk_version(void)
{
    return rte_version();
}

static void serve(struct main_thread *self)
{
    pthread_mutex_lock(&self->lock);
    for (;;) {
        while (self->job == NULL && !self->stop)
            pthread_cond_wait(&self->changed, &self->lock);
        if (self->job == NULL)
            break;
        pthread_mutex_unlock(&self->lock);
        lcore_run(self->job);
        pthread_mutex_lock(&self->lock);
        self->job = NULL;
        pthread_cond_broadcast(&self->changed);
    }
    pthread_mutex_unlock(&self->lock);
}

static void *run_main_thread(void *argument)
{
    struct main_thread *self = argument;
    int result = rte_eal_init(self->argc, self->argv);

    if (result < 0)
        result = rte_errno > 0 ? -rte_errno : -EIO;
    if (result >= 0 && lcore_init() < 0) {
        rte_eal_cleanup();
        result = -ENOMEM;
    }
    pthread_mutex_lock(&self->lock);
    self->result = result;
    self->started = 1;
    pthread_cond_broadcast(&self->changed);
    pthread_mutex_unlock(&self->lock);
    if (result >= 0) {
        serve(self);
        self->result = rte_eal_cleanup();
    }
    return NULL;
}

static int open_log(int descriptor)
{
    main_thread.log = log_open(descriptor);
    return main_thread.log == NULL ? -errno : rte_openlog_stream(main_thread.log);
}

// rte_eal_init keeps and permutes its arguments, so they outlive this call.
static char **copy_arguments(int argc, char **argv)
{
    char **copy = calloc((size_t)argc + 1, sizeof *copy);

    for (int i = 0; copy != NULL && i < argc; i++) {
        copy[i] = strdup(argv[i]);
        if (copy[i] == NULL)
            return NULL;
    }
    return copy;
}

int vnfkit_eal_start(int argc, char **argv, int log_descriptor)
{
    int failure;

    if (main_thread.argv != NULL)
        return -EALREADY;
    main_thread.argc = argc;
    main_thread.argv = copy_arguments(argc, argv);
    if (main_thread.argv == NULL)
        return -ENOMEM;
    failure = open_log(log_descriptor);
    if (failure)
        return failure;
    failure = pthread_create(&main_thread.thread, NULL, run_main_thread, &main_thread);
    if (failure)
        return -failure;
    pthread_setname_np(main_thread.thread, "vnfkit-main");
    pthread_mutex_lock(&main_thread.lock);
    while (!main_thread.started)
        pthread_cond_wait(&main_thread.changed, &main_thread.lock);
    failure = main_thread.result < 0 ? main_thread.result : 0;
    pthread_mutex_unlock(&main_thread.lock);
    return failure;
}

int vnfkit_eal_stop(void)
{
    if (!main_thread.started || main_thread.result < 0 || main_thread.stop)
        return -EINVAL;
    // The memory of what they do would go, and the main lcore would not come to its end.
    if (lcore_is_any_busy())
        return -EBUSY;
    pthread_mutex_lock(&main_thread.lock);
    main_thread.stop = 1;
    pthread_cond_broadcast(&main_thread.changed);
    pthread_mutex_unlock(&main_thread.lock);
    pthread_join(main_thread.thread, NULL);
    // The stream stays open: threads that DPDK never ends may still write a line.
    return main_thread.result;
}

void eal_main_launch(void *job)
{
    pthread_mutex_lock(&main_thread.lock);
    main_thread.job = job;
    pthread_cond_broadcast(&main_thread.changed);
    pthread_mutex_unlock(&main_thread.lock);
}

void eal_main_wait(void)
{
    pthread_mutex_lock(&main_thread.lock);
    while (main_thread.job != NULL)
        pthread_cond_wait(&main_thread.changed, &main_thread.lock);
    pthread_mutex_unlock(&main_thread.lock);
}

int vnfkit_log_level(const char *pattern, uint32_t level)
{
    return rte_log_set_level_pattern(pattern, level);
}

// An lcore whose CPUs lie on several nodes has none for the EAL; its memory has to be somewhere.
static uint32_t node_of(unsigned int lcore)
{
    int node = (int)rte_lcore_to_socket_id(lcore);

    return (uint32_t)(node == SOCKET_ID_ANY ? rte_socket_id_by_idx(0) : node);
}

int vnfkit_lcores(struct vnfkit_lcore *lcores, uint32_t capacity)
{
    uint32_t count = 0;
    unsigned int lcore;

    RTE_LCORE_FOREACH(lcore) {
        if (count < capacity) {
            rte_cpuset_t cpus = rte_lcore_cpuset(lcore);
            int cpu = 0;

            while (cpu < CPU_SETSIZE && !CPU_ISSET(cpu, &cpus))
                cpu++;
            lcores[count].lcore = lcore;
            lcores[count].cpu = cpu < CPU_SETSIZE ? cpu : -1;
            lcores[count].node = node_of(lcore);
            lcores[count].main = lcore == rte_get_main_lcore();
        }
        count++;
    }
    return (int)count;
}

uint64_t vnfkit_tsc_hertz(void)
{
    return rte_get_tsc_hz();
}

int vnfkit_heap(int node, uint64_t *free_bytes, uint64_t *total_bytes)
{
    struct rte_malloc_socket_stats statistics;
    int failure = rte_malloc_get_socket_stats(node, &statistics);

    if (failure)
        return -EINVAL;
    *free_bytes = statistics.heap_freesz_bytes;
    *total_bytes = statistics.heap_totalsz_bytes;
    return 0;
}
