// SPDX-License-Identifier: Apache-2.0
// none: packets move, nobody looks at them. Input i goes to output i, or all to the one output.
#include "io.h"

void none_step(struct task *task)
{
    struct rte_mbuf *packets[VNFKIT_MAX_BURST];

    for (uint32_t i = 0; i < task->input_count; i++) {
        uint16_t received = receive(task, &task->inputs[i], packets);

        if (received > 0)
            transmit(task, &task->outputs[task->output_count == 1 ? 0 : i], packets, received);
    }
}
