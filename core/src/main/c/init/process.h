/* SPDX-License-Identifier: Apache-2.0 */
/* One process of a launch: what it knows of itself, its parent and its child. */
#ifndef VNFKIT_PROCESS_H
#define VNFKIT_PROCESS_H

#include <stdint.h>

#include "program.h"

struct process {
    const struct program *program;
    uint32_t at;   /* index of the current instruction */
    int outermost; /* the process that Java started: has descriptors 5 and 6 */
    int child;     /* pid of the cloned child that is not reaped yet, or 0 */
    int to_child;  /* barrier sockets, or -1 */
    int to_parent;
    uint64_t slots[MAX_SLOTS];
};

/* clone3(2) with a barrier: the child's pid in the parent, 0 in the child, or -errno. */
long process_clone(struct process *process, uint64_t flags, uint64_t cgroup);

/* AWAIT_CHILD, RELEASE_CHILD and BARRIER. They return only when the other side is there. */
void process_await_child(struct process *process);
void process_release_child(struct process *process);
void process_meet_parent(struct process *process);

/* Reports the failure of the current instruction, takes the child along, and ends. */
_Noreturn void process_fail(struct process *process, int error, uint64_t value);

#endif
