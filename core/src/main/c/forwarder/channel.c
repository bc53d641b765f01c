// SPDX-License-Identifier: Apache-2.0
// Channels by handle, and the checks before one is opened.
#include "channel.h"

#include "channel_ring.h"
#include "descriptor.h"
#include "handles.h"
#include "region.h"

#include <rte_mbuf.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SLOTS (1u << 24)

struct channel {
    struct channel_receiver *receiver;
    struct channel_sender *sender;
};

static struct handles channels;
// Without a handle, because packets of them are still somewhere in this process.
static struct handles closing;

static int lies_within(uint64_t at, uint64_t length, const struct vnfkit_channel_config *config)
{
    return at >= config->first_object && at <= config->region_size && length <= config->region_size - at;
}

static int is_valid(const struct vnfkit_channel_config *config)
{
    uint64_t length;

    if (config->side > VNFKIT_CHANNEL_RECEIVER || (config->cache_line != 64 && config->cache_line != 128))
        return 0;
    if (config->slots < 2 || config->slots > MAX_SLOTS || (config->slots & (config->slots - 1)) != 0)
        return 0;
    // An mbuf has 16 bits for it.
    if (config->buffer_size < BUFFER_UNIT || config->buffer_size > UINT16_MAX || config->buffer_size % BUFFER_UNIT != 0)
        return 0;
    if (config->buffer_count < 1 || config->buffer_count >= config->slots)
        return 0;
    length = ring_length(config->slots, config->cache_line);
    return config->first_object % BUFFER_UNIT == 0 && config->packets % 64 == 0 && config->returned % 64 == 0 && config->buffers % BUFFER_UNIT == 0
        && config->region_size <= 1ull << 40 && memchr(config->name, 0, sizeof config->name) != NULL
        && lies_within(config->packets, length, config) && lies_within(config->returned, length, config)
        && lies_within(config->buffers, (uint64_t)config->buffer_size * config->buffer_count, config);
}

static int open_side(const struct vnfkit_channel_config *config, struct region *region, struct channel *channel)
{
    if (!ring_is_as_described(region->base + config->packets, config->slots, config->cache_line)
            || !ring_is_as_described(region->base + config->returned, config->slots, config->cache_line))
        return -EILSEQ;
    if (config->side == VNFKIT_CHANNEL_SENDER)
        return channel_sender_open(config, region, &channel->sender);
    return channel_receiver_open(config, region, &channel->receiver);
}

// Whether nothing is left of it.
static int close_side(struct channel *channel)
{
    int is_gone = channel->sender != NULL ? channel_sender_close(channel->sender)
                                          : channel_receiver_close(channel->receiver);

    if (is_gone)
        free(channel);
    return is_gone;
}

static void close_rest(void)
{
    for (int i = 0; i < HANDLES; i++) {
        struct channel *channel = handle_get(&closing, i);

        if (channel != NULL && close_side(channel))
            handle_take(&closing, i);
    }
}

int vnfkit_channel_open(const struct vnfkit_channel_config *config)
{
    struct channel *channel;
    struct region *region;
    int failure;
    int handle;

    close_rest();
    if (!is_valid(config))
        return -EINVAL;
    channel = calloc(1, sizeof *channel);
    if (channel == NULL)
        return -ENOMEM;
    failure = region_attach(config->descriptor, config->region_size, config->page_size, &region);
    if (failure == 0) {
        failure = open_side(config, region, channel);
        if (failure)
            region_detach(region);
    }
    if (failure) {
        free(channel);
        return failure;
    }
    handle = handle_put(&channels, channel);
    if (handle < 0)
        close_side(channel);
    return handle;
}

int vnfkit_channel_close(int handle)
{
    struct channel *channel = handle_get(&channels, handle);

    if (channel == NULL)
        return -EBADF;
    if (channel->sender != NULL ? *channel_sender_claimed(channel->sender) : *channel_receiver_claimed(channel->receiver))
        return -EBUSY;
    handle_take(&channels, handle);
    close_rest();
    if (close_side(channel))
        return 0;
    // With no place left to remember it, it stays for as long as the process.
    handle_put(&closing, channel);
    return 1;
}

int64_t vnfkit_channel_restart(int handle)
{
    struct channel *channel = handle_get(&channels, handle);

    if (channel == NULL || channel->sender == NULL)
        return -EBADF;
    return channel_sender_restart(channel->sender);
}

int vnfkit_channel_pool(int handle)
{
    struct channel *channel = handle_get(&channels, handle);

    return channel == NULL || channel->sender == NULL ? -EBADF : channel_sender_pool(channel->sender);
}

int vnfkit_channel_info(int handle, struct vnfkit_channel_info *info)
{
    struct channel *channel = handle_get(&channels, handle);

    if (channel == NULL)
        return -EBADF;
    memset(info, 0, sizeof *info);
    if (channel->sender != NULL)
        channel_sender_info(channel->sender, info);
    else
        channel_receiver_info(channel->receiver, info);
    return 0;
}

struct channel_receiver *channel_receiver_claim(int handle)
{
    struct channel *channel = handle_get(&channels, handle);

    if (channel == NULL || channel->receiver == NULL || *channel_receiver_claimed(channel->receiver))
        return NULL;
    *channel_receiver_claimed(channel->receiver) = 1;
    return channel->receiver;
}

struct channel_sender *channel_sender_claim(int handle)
{
    struct channel *channel = handle_get(&channels, handle);

    if (channel == NULL || channel->sender == NULL || *channel_sender_claimed(channel->sender))
        return NULL;
    *channel_sender_claimed(channel->sender) = 1;
    return channel->sender;
}
