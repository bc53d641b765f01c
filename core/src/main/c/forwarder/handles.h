// SPDX-License-Identifier: Apache-2.0
// Small numbers for things that live in this process, so that Java holds no pointer that it could use too late.
#ifndef VNFKIT_HANDLES_H
#define VNFKIT_HANDLES_H

#include <errno.h>
#include <stddef.h>

#define HANDLES 256

struct handles {
    void *things[HANDLES];
};

static inline int handle_put(struct handles *handles, void *thing)
{
    for (int i = 0; i < HANDLES; i++)
        if (handles->things[i] == NULL) {
            handles->things[i] = thing;
            return i;
        }
    return -ENFILE;
}

static inline void *handle_get(const struct handles *handles, int handle)
{
    return handle >= 0 && handle < HANDLES ? handles->things[handle] : NULL;
}

static inline void *handle_take(struct handles *handles, int handle)
{
    void *thing = handle_get(handles, handle);

    if (thing != NULL)
        handles->things[handle] = NULL;
    return thing;
}

#endif
