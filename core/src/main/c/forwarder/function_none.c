// SPDX-License-Identifier: Apache-2.0
// none: packets move, nobody looks at them. Input i goes to output i, or all to the one output.
#include "io.h"

void none_step(struct task *task)
{
    struct rte_mbuf *packets[VNFKIT_MAX_BURST];
    const struct input *input = task->inputs;
    const struct input *end = input + task->input_count;
    struct output *output = task->outputs;
    const size_t stride = task->output_count > 1;

    count_polls(task);
    for (; input < end; input++, output += stride) {
        uint16_t received = receive(task, input, packets);

        if (likely(received > 0))
            transmit(task, output, packets, received);
    }
}
