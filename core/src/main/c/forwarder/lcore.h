// SPDX-License-Identifier: Apache-2.0
// Lcores and what they run. An lcore with tasks is in lcore_run; it takes a new list of tasks between two iterations.
#ifndef VNFKIT_LCORE_H
#define VNFKIT_LCORE_H

#include "forwarder.h"

struct task;

int lcore_init(void);
int lcore_run(void *lcore);
// Both return when the lcore runs the new list. -EBUSY if the lcore has as many tasks as it can, -EINVAL if it is none.
int lcore_add(uint32_t lcore, struct task *task);
int lcore_remove(uint32_t lcore, struct task *task);
// Whether any lcore has a task.
int lcore_is_any_busy(void);
// A grace period: every lcore has finished what it was doing.
void lcore_synchronize(void);

// Of eal.c: runs lcore_run on the main lcore; waits until it has returned.
void eal_main_launch(void *lcore);
void eal_main_wait(void);

#endif
