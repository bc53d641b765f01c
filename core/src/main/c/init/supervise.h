/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VNFKIT_SUPERVISE_H
#define VNFKIT_SUPERVISE_H

#include "program.h"

struct supervision {
    int child;
    int outer;
    int dies_with_jvm;
    int cgroup_kill; /* v2 cgroup.kill opened for writing, or -1 */
    int freezer;     /* v1 freezer.state opened for writing, or -1 */
    int signals;     /* set by supervise_prepare */
};

/*
 * Blocks all signals and puts the descriptors that the supervisor needs where they can stay. 0, or -errno with the
 * report pipe still open.
 */
long supervise_prepare(struct supervision *supervision);

/*
 * Stays as the parent of the VNF until it ends, then ends with its status. Everything that this process does not need
 * any more is given back first: stdio (a reader of the VNF's output waits for the last writer), the report pipe, all
 * descriptors of the launch, and the memory of the program.
 */
_Noreturn void supervise(struct supervision supervision, const struct program *program);

#endif
