// SPDX-License-Identifier: Apache-2.0
#include "lcore.h"

#include "task.h"

#include <errno.h>
#include <rte_cycles.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_rcu_qsbr.h>
#include <string.h>
#include <time.h>

#define MAX_TASKS 16

// What an lcore runs, never changed after it was published.
struct schedule {
    uint32_t count;
    int measure_gaps;
    struct task *tasks[MAX_TASKS];
};

struct lcore {
    struct schedule *wanted __rte_cache_aligned;      // written by the control side
    struct schedule *current __rte_cache_aligned;     // written by the lcore
    struct vnfkit_lcore_statistics *statistics;
    struct vnfkit_lcore_statistics unwatched;
    int measure_gaps;
};

static struct lcore lcores[RTE_MAX_LCORE];
static struct rte_rcu_qsbr *grace;

int lcore_init(void)
{
    size_t size = rte_rcu_qsbr_get_memsize(RTE_MAX_LCORE);

    grace = rte_zmalloc("vnfkit_grace", size, RTE_CACHE_LINE_SIZE);
    if (grace == NULL || rte_rcu_qsbr_init(grace, RTE_MAX_LCORE) != 0)
        return -ENOMEM;
    for (unsigned int i = 0; i < RTE_MAX_LCORE; i++) {
        lcores[i].statistics = &lcores[i].unwatched;
        rte_rcu_qsbr_thread_register(grace, i);
    }
    return 0;
}

static void measure_gap(struct vnfkit_lcore_statistics *statistics, uint64_t *last, uint64_t *reset)
{
    uint64_t now = rte_rdtsc();
    uint64_t wanted_reset = __atomic_load_n(&statistics->gap_reset, __ATOMIC_RELAXED);

    if (unlikely(wanted_reset != *reset)) {
        *reset = wanted_reset;
        __atomic_store_n(&statistics->longest_gap, 0, __ATOMIC_RELAXED);
    } else if (unlikely(now - *last > statistics->longest_gap)) {
        __atomic_store_n(&statistics->longest_gap, now - *last, __ATOMIC_RELAXED);
    }
    *last = now;
}

int lcore_run(void *argument)
{
    struct lcore *self = argument;
    unsigned int id = rte_lcore_id();
    struct vnfkit_lcore_statistics *statistics = self->statistics;
    struct schedule *schedule = NULL;
    uint64_t last = rte_rdtsc();
    uint64_t reset = statistics->gap_reset;
    // Nobody else writes it.
    uint64_t iterations = statistics->iterations;

    rte_rcu_qsbr_thread_online(grace, id);
    __atomic_store_n(&statistics->running, 1, __ATOMIC_RELAXED);
    for (;;) {
        struct schedule *wanted = __atomic_load_n(&self->wanted, __ATOMIC_ACQUIRE);

        if (unlikely(wanted != schedule)) {
            schedule = wanted;
            statistics->tasks = schedule->count;
            // From here on no task of the old schedule is touched.
            __atomic_store_n(&self->current, schedule, __ATOMIC_RELEASE);
            if (schedule->count == 0)
                break;
            last = rte_rdtsc();
        }
        for (uint32_t i = 0; i < schedule->count; i++)
            schedule->tasks[i]->step(schedule->tasks[i]);
        rte_rcu_qsbr_quiescent(grace, id);
        __atomic_store_n(&statistics->iterations, ++iterations, __ATOMIC_RELAXED);
        if (schedule->measure_gaps)
            measure_gap(statistics, &last, &reset);
    }
    __atomic_store_n(&statistics->running, 0, __ATOMIC_RELAXED);
    rte_rcu_qsbr_thread_offline(grace, id);
    return 0;
}

static int is_main(uint32_t id)
{
    return id == rte_get_main_lcore();
}

// Publishes a schedule and returns when the lcore follows it.
static void follow(uint32_t id, struct schedule *schedule)
{
    struct lcore *lcore = &lcores[id];
    struct schedule *old = lcore->wanted;
    const struct timespec pause = { .tv_nsec = 20000 };
    int is_idle = old == NULL || old->count == 0;

    __atomic_store_n(&lcore->wanted, schedule, __ATOMIC_RELEASE);
    if (is_idle && schedule->count > 0) {
        if (is_main(id))
            eal_main_launch(lcore);
        else
            rte_eal_remote_launch(lcore_run, lcore, id);
    }
    if (!is_idle || schedule->count > 0)
        while (__atomic_load_n(&lcore->current, __ATOMIC_ACQUIRE) != schedule)
            nanosleep(&pause, NULL);
    if (!is_idle && schedule->count == 0) {
        if (is_main(id))
            eal_main_wait();
        else
            rte_eal_wait_lcore(id);
    }
    rte_free(old);
}

static struct schedule *copy_schedule(const struct lcore *lcore)
{
    struct schedule *copy = rte_zmalloc("vnfkit_schedule", sizeof *copy, RTE_CACHE_LINE_SIZE);

    if (copy != NULL && lcore->wanted != NULL)
        memcpy(copy, lcore->wanted, sizeof *copy);
    if (copy != NULL)
        copy->measure_gaps = lcore->measure_gaps;
    return copy;
}

int lcore_add(uint32_t id, struct task *task)
{
    struct schedule *schedule;

    if (id >= RTE_MAX_LCORE || !rte_lcore_is_enabled(id))
        return -EINVAL;
    if (lcores[id].wanted != NULL && lcores[id].wanted->count == MAX_TASKS)
        return -EBUSY;
    // Somebody else's work would be waited for without end.
    if ((lcores[id].wanted == NULL || lcores[id].wanted->count == 0) && !is_main(id) && rte_eal_get_lcore_state(id) != WAIT)
        return -EBUSY;
    schedule = copy_schedule(&lcores[id]);
    if (schedule == NULL)
        return -ENOMEM;
    schedule->tasks[schedule->count++] = task;
    follow(id, schedule);
    return 0;
}

int lcore_remove(uint32_t id, struct task *task)
{
    struct schedule *schedule = copy_schedule(&lcores[id]);
    uint32_t kept = 0;

    if (schedule == NULL)
        return -ENOMEM;
    for (uint32_t i = 0; i < schedule->count; i++)
        if (schedule->tasks[i] != task)
            schedule->tasks[kept++] = schedule->tasks[i];
    schedule->count = kept;
    follow(id, schedule);
    return 0;
}

int lcore_is_any_busy(void)
{
    for (unsigned int i = 0; i < RTE_MAX_LCORE; i++)
        if (lcores[i].wanted != NULL && lcores[i].wanted->count > 0)
            return 1;
    return 0;
}

int vnfkit_lcore_watch(uint32_t id, struct vnfkit_lcore_statistics *statistics, int measure_gaps)
{
    if (id >= RTE_MAX_LCORE || !rte_lcore_is_enabled(id))
        return -EINVAL;
    if (lcores[id].wanted != NULL && lcores[id].wanted->count > 0)
        return -EBUSY;
    lcores[id].statistics = statistics != NULL ? statistics : &lcores[id].unwatched;
    lcores[id].measure_gaps = measure_gaps;
    return 0;
}

void lcore_synchronize(void)
{
    rte_rcu_qsbr_synchronize(grace, RTE_QSBR_THRID_INVALID);
}

int vnfkit_synchronize(void)
{
    if (grace == NULL)
        return -EINVAL;
    lcore_synchronize();
    return 0;
}
