// SPDX-License-Identifier: Apache-2.0
#include "task.h"

#include "channel.h"
#include "handles.h"
#include "lcore.h"
#include "memory.h"
#include "port.h"

#include <rte_lcore.h>
#include <rte_malloc.h>
#include <string.h>

static struct handles tasks;

// What each function needs. A function without an entry in outputs takes packets off the way.
static const struct {
    void (*step)(struct task *task);
    uint32_t min_inputs;
    uint32_t min_outputs;
    int is_paired;                // input i goes to output i
} functions[VNFKIT_FUNCTIONS] = {
    [VNFKIT_FUNCTION_NONE] = { none_step, 1, 1, 1 },
    [VNFKIT_FUNCTION_L2FWD] = { l2fwd_step, 1, 1, 1 },
    [VNFKIT_FUNCTION_L3FWD] = { l3fwd_step, 1, 1, 0 },
    [VNFKIT_FUNCTION_BNG_UPSTREAM] = { bng_upstream_step, 1, 1, 0 },
    [VNFKIT_FUNCTION_BNG_DOWNSTREAM] = { bng_downstream_step, 1, 1, 0 },
    [VNFKIT_FUNCTION_BALANCER] = { balancer_step, 1, 1, 0 },
    [VNFKIT_FUNCTION_GENERATOR] = { generator_step, 0, 1, 0 },
    [VNFKIT_FUNCTION_SINK] = { sink_step, 1, 0, 0 },
};

static int counts_are_valid(const struct vnfkit_task_config *config)
{
    if (config->function >= VNFKIT_FUNCTIONS || config->statistics == 0)
        return 0;
    if (config->burst == 0 || config->burst > VNFKIT_MAX_BURST || config->transmit_tries == 0)
        return 0;
    if (config->input_count > VNFKIT_MAX_ENDPOINTS || config->output_count > VNFKIT_MAX_ENDPOINTS)
        return 0;
    if (config->input_count < functions[config->function].min_inputs
            || config->output_count < functions[config->function].min_outputs)
        return 0;
    return !functions[config->function].is_paired || config->output_count == 1
        || config->output_count == config->input_count;
}

// A driver trusts its caller with the number of a queue.
static int require_queue(const struct vnfkit_endpoint *endpoint, int is_input)
{
    struct rte_eth_dev_info info;
    int failure;

    if (!port_is_valid(endpoint->id))
        return -ENODEV;
    failure = rte_eth_dev_info_get((uint16_t)endpoint->id, &info);
    if (failure)
        return failure;
    return endpoint->queue < (is_input ? info.nb_rx_queues : info.nb_tx_queues) ? 0 : -EINVAL;
}

static int bind_endpoint(
    const struct vnfkit_endpoint *endpoint, int is_input, struct rte_ring **ring, uint16_t *port, uint16_t *queue)
{
    int failure;

    if (endpoint->kind == VNFKIT_ENDPOINT_RING) {
        *ring = ring_of((int)endpoint->id);
        return *ring != NULL ? 0 : -EBADF;
    }
    if (endpoint->kind != VNFKIT_ENDPOINT_PORT)
        return -EINVAL;
    failure = require_queue(endpoint, is_input);
    if (failure)
        return failure;
    *port = (uint16_t)endpoint->id;
    *queue = (uint16_t)endpoint->queue;
    return 0;
}

// Only l3fwd asks. A port without an address of its own, such as that of DPDK's ring driver, cannot be addressed.
static void set_station(const struct task *task, struct input *input, const uint8_t *mac)
{
    static const uint8_t no_address[6];
    const uint8_t mask_bytes[8] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
    int is_port = input->ring == NULL && input->receiver == NULL;
    uint64_t address = 0;
    uint64_t mask = 0;

    if (task->config.function == VNFKIT_FUNCTION_L3FWD && !task->config.l3fwd.any_station && is_port
            && memcmp(mac, no_address, sizeof no_address) != 0) {
        memcpy(&address, mac, sizeof no_address);
        memcpy(&mask, mask_bytes, sizeof mask_bytes);
    }
    // An lcore may read them at any time, each whole.
    __atomic_store_n(&input->station.address, address, __ATOMIC_RELAXED);
    __atomic_store_n(&input->station.mask, mask, __ATOMIC_RELAXED);
}

// A channel has one task on its side; the task looks after it with every step, also when no packet comes or goes.
static void channel_step(struct task *task)
{
    for (uint32_t i = 0; i < task->output_count; i++)
        if (task->outputs[i].sender != NULL)
            channel_sender_tend(task->outputs[i].sender);
    task->function(task);
}

static int bind_receiver(struct task *task, struct input *input, uint32_t handle)
{
    input->receiver = channel_receiver_claim((int)handle);
    input->receive = channel_receive;
    task->step = channel_step;
    return input->receiver != NULL ? 0 : -EBADF;
}

static int bind_sender(struct task *task, struct output *output, uint32_t handle)
{
    output->sender = channel_sender_claim((int)handle);
    output->send = channel_send;
    task->step = channel_step;
    return output->sender != NULL ? 0 : -EBADF;
}

static int bind_input(struct task *task, const struct vnfkit_endpoint *endpoint, struct input *input)
{
    if (endpoint->kind == VNFKIT_ENDPOINT_CHANNEL)
        return bind_receiver(task, input, endpoint->id);
    return bind_endpoint(endpoint, 1, &input->ring, &input->port, &input->queue);
}

static int bind_output(struct task *task, const struct vnfkit_endpoint *endpoint, struct output *output)
{
    if (endpoint->kind == VNFKIT_ENDPOINT_CHANNEL)
        return bind_sender(task, output, endpoint->id);
    return bind_endpoint(endpoint, 0, &output->ring, &output->port, &output->queue);
}

static void unbind_channels(struct task *task)
{
    for (uint32_t i = 0; i < task->input_count; i++)
        if (task->inputs[i].receiver != NULL)
            channel_receiver_release(task->inputs[i].receiver);
    for (uint32_t i = 0; i < task->output_count; i++)
        if (task->outputs[i].sender != NULL)
            channel_sender_release(task->outputs[i].sender);
}

static void set_channel_lcore(struct task *task, uint32_t lcore)
{
    for (uint32_t i = 0; i < task->input_count; i++)
        if (task->inputs[i].receiver != NULL)
            channel_receiver_set_lcore(task->inputs[i].receiver, lcore);
    for (uint32_t i = 0; i < task->output_count; i++)
        if (task->outputs[i].sender != NULL)
            channel_sender_set_running(task->outputs[i].sender, lcore != LCORE_ID_ANY);
    // Another task of the lcore may be about to free a packet in the belief that the lcore is still the receiver's.
    if (lcore == LCORE_ID_ANY && task->step == channel_step)
        lcore_synchronize();
}

// After the lcore has left the task: gives back what was received, takes back what has returned.
static void settle_channels(struct task *task)
{
    set_channel_lcore(task, LCORE_ID_ANY);
    for (uint32_t i = 0; i < task->output_count; i++)
        if (task->outputs[i].sender != NULL)
            channel_sender_tend(task->outputs[i].sender);
    for (uint32_t i = 0; i < task->input_count; i++)
        if (task->inputs[i].receiver != NULL)
            channel_receiver_tend(task->inputs[i].receiver);
}

static int bind_endpoints(struct task *task)
{
    int failure = 0;

    task->shortest_mtu = INT32_MAX;
    for (uint32_t i = 0; failure == 0 && i < task->input_count; i++) {
        struct input *input = &task->inputs[i];

        failure = bind_input(task, &task->config.inputs[i], input);
        set_station(task, input, task->config.inputs[i].mac);
    }
    for (uint32_t i = 0; failure == 0 && i < task->output_count; i++) {
        struct output *output = &task->outputs[i];

        output->mtu = task->config.outputs[i].mtu;
        if (output->mtu != 0)
            task->shortest_mtu = RTE_MIN(task->shortest_mtu, output->mtu);
        memcpy(output->mac, task->config.outputs[i].mac, sizeof output->mac);
        failure = bind_output(task, &task->config.outputs[i], output);
    }
    return failure;
}

static int is_ipv4(const struct route_table *table)
{
    return table != NULL && table->address_bytes == 4;
}

static int bind_l3fwd(struct task *task)
{
    const struct vnfkit_l3fwd_config *config = &task->config.l3fwd;

    task->ipv4_routes = routes_of(config->ipv4_routes);
    task->ipv6_routes = routes_of(config->ipv6_routes);
    task->next_hops = next_hops_of(config->next_hops);
    if (task->ipv4_routes != NULL && !is_ipv4(task->ipv4_routes))
        return -EINVAL;
    if (task->ipv6_routes != NULL && is_ipv4(task->ipv6_routes))
        return -EINVAL;
    return task->next_hops != NULL && (task->ipv4_routes != NULL || task->ipv6_routes != NULL) ? 0 : -EBADF;
}

static int bind_bng(struct task *task)
{
    const struct vnfkit_bng_config *config = &task->config.bng;

    task->subscribers = subscribers_of(config->subscribers);
    if (task->subscribers == NULL)
        return -EBADF;
    if (task->config.function == VNFKIT_FUNCTION_BNG_DOWNSTREAM)
        return 0;
    task->ipv4_routes = routes_of(config->ipv4_routes);
    task->next_hops = next_hops_of(config->next_hops);
    return is_ipv4(task->ipv4_routes) && task->next_hops != NULL ? 0 : -EBADF;
}

static int bind_function(struct task *task)
{
    switch (task->config.function) {
    case VNFKIT_FUNCTION_L2FWD:
        task->rewrite = l2_prepare(&task->config.l2fwd);
        return 0;
    case VNFKIT_FUNCTION_L3FWD:
        return bind_l3fwd(task);
    case VNFKIT_FUNCTION_BNG_UPSTREAM:
    case VNFKIT_FUNCTION_BNG_DOWNSTREAM:
        return bind_bng(task);
    case VNFKIT_FUNCTION_GENERATOR:
        return generator_create(task);
    case VNFKIT_FUNCTION_SINK:
        return sink_create(task);
    default:
        return 0;
    }
}

static void release(struct task *task)
{
    generator_free(task);
    sink_free(task);
    unbind_channels(task);
    rte_free(task);
}

int vnfkit_task_create(const struct vnfkit_task_config *config)
{
    struct task *task;
    int failure;
    int handle;

    if (!counts_are_valid(config))
        return -EINVAL;
    task = rte_zmalloc("vnfkit_task", sizeof *task, RTE_CACHE_LINE_SIZE);
    if (task == NULL)
        return -ENOMEM;
    task->config = *config;
    task->function = functions[config->function].step;
    task->step = task->function;
    task->statistics = (void *)(uintptr_t)config->statistics;
    task->burst = config->burst;
    task->input_count = config->input_count;
    task->output_count = config->output_count;
    task->transmit_tries = config->transmit_tries;
    task->lcore = -1;
    failure = bind_endpoints(task);
    if (failure == 0)
        failure = bind_function(task);
    handle = failure == 0 ? handle_put(&tasks, task) : failure;
    if (handle < 0)
        release(task);
    return handle;
}

int vnfkit_task_free(int handle)
{
    struct task *task = handle_get(&tasks, handle);

    if (task == NULL)
        return -EBADF;
    if (task->lcore >= 0)
        return -EBUSY;
    handle_take(&tasks, handle);
    release(task);
    return 0;
}

void task_set_mac(uint16_t port, const uint8_t *mac)
{
    for (int handle = 0; handle < HANDLES; handle++) {
        struct task *task = handle_get(&tasks, handle);

        for (uint32_t i = 0; task != NULL && i < task->input_count; i++)
            if (task->config.inputs[i].kind == VNFKIT_ENDPOINT_PORT && task->inputs[i].port == port)
                set_station(task, &task->inputs[i], mac);
        for (uint32_t i = 0; task != NULL && i < task->output_count; i++)
            if (task->config.outputs[i].kind == VNFKIT_ENDPOINT_PORT && task->outputs[i].port == port)
                memcpy(task->outputs[i].mac, mac, sizeof task->outputs[i].mac);
    }
}

int vnfkit_task_start(int handle, uint32_t lcore)
{
    struct task *task = handle_get(&tasks, handle);
    int failure;

    if (task == NULL)
        return -EBADF;
    if (task->lcore >= 0)
        return -EALREADY;
    set_channel_lcore(task, lcore);
    failure = lcore_add(lcore, task);
    if (failure == 0)
        task->lcore = (int32_t)lcore;
    else
        set_channel_lcore(task, LCORE_ID_ANY);
    return failure;
}

int vnfkit_task_stop(int handle)
{
    struct task *task = handle_get(&tasks, handle);
    int failure;

    if (task == NULL)
        return -EBADF;
    if (task->lcore < 0)
        return -EALREADY;
    failure = lcore_remove((uint32_t)task->lcore, task);
    if (failure)
        return failure;
    task->lcore = -1;
    settle_channels(task);
    return 0;
}

int vnfkit_generator_rate(int handle, uint32_t unit, uint64_t rate)
{
    struct task *task = handle_get(&tasks, handle);
    int failure;

    if (task == NULL || task->config.function != VNFKIT_FUNCTION_GENERATOR || unit > VNFKIT_RATE_BITS)
        return -EINVAL;
    failure = generator_set_rate(task, unit, rate);
    // The next change writes over the pace of before this one: its lcore must have left it.
    if (failure == 0)
        lcore_synchronize();
    return failure;
}
