// SPDX-License-Identifier: Apache-2.0
// Sides of packet channels: what a task does with them, and what channel.c makes them with.
#ifndef VNFKIT_CHANNEL_H
#define VNFKIT_CHANNEL_H

#include "forwarder.h"

struct channel_receiver;
struct channel_sender;
struct region;
struct rte_mbuf;
struct task;

// For one task at a time; null if the handle is another's, or a task has it.
struct channel_receiver *channel_receiver_claim(int channel);
struct channel_sender *channel_sender_claim(int channel);
void channel_receiver_release(struct channel_receiver *receiver);
void channel_sender_release(struct channel_sender *sender);

// On the lcore of the task, or on the control side while no lcore has it.
uint16_t channel_receive(struct channel_receiver *receiver, struct task *task, struct rte_mbuf **packets);
void channel_send(struct channel_sender *sender, struct task *task, struct rte_mbuf **packets, uint16_t packet_count);
// Gives back what was freed, on whatever lcore.
void channel_receiver_tend(struct channel_receiver *receiver);
// Takes back what the other side has released.
void channel_sender_tend(struct channel_sender *sender);
// Whose callbacks need no queue: those on this lcore. LCORE_ID_ANY for none.
void channel_receiver_set_lcore(struct channel_receiver *receiver, uint32_t lcore);
// A sender that an lcore has is not restarted.
void channel_sender_set_running(struct channel_sender *sender, int is_running);

// Of channel.c.
int channel_receiver_open(
    const struct vnfkit_channel_config *config, struct region *region, struct channel_receiver **receiver);
int channel_sender_open(const struct vnfkit_channel_config *config, struct region *region, struct channel_sender **sender);
// False if packets are still somewhere in this process: then it stays, gives nothing back, and is to be asked again.
int channel_receiver_close(struct channel_receiver *receiver);
int channel_sender_close(struct channel_sender *sender);
int *channel_receiver_claimed(struct channel_receiver *receiver);
int *channel_sender_claimed(struct channel_sender *sender);
int64_t channel_sender_restart(struct channel_sender *sender);
int channel_sender_pool(struct channel_sender *sender);
void channel_receiver_info(const struct channel_receiver *receiver, struct vnfkit_channel_info *info);
void channel_sender_info(const struct channel_sender *sender, struct vnfkit_channel_info *info);
// Takes the packet out of the account of the receiver that it came from: it will not be given back. 0 if it is none such.
int channel_receiver_abandon(struct rte_mbuf *packet);

#endif
