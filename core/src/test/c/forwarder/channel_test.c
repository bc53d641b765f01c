// SPDX-License-Identifier: Apache-2.0
// Sides of packet channels against a peer that has the memory only: every packet whole, every buffer back, and no number
// of a peer that is hostile believed.
#define _GNU_SOURCE
#include "channel.h"
#include "channel_peer.h"
#include "check.h"
#include "descriptor.h"
#include "memory.h"
#include "task.h"

#include <errno.h>
#include <rte_eal.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 16u
#define BUFFER 2048u
#define FIRST (PEER_FIRST_OBJECT + 65536u)
#define SECOND (FIRST + (512u << 10))
#define BURST 8u

static struct vnfkit_task_statistics statistics;
static struct task *task;
static struct peer_memory memory;
static uint64_t seed = 1;

int port_is_valid(uint32_t port)
{
    (void)port;
    return 0;
}

static void begin(void)
{
    memset(&statistics, 0, sizeof statistics);
    memory = peer_memory_create();
}

static int open_as(struct vnfkit_channel_config config, uint32_t side)
{
    config.side = side;
    return vnfkit_channel_open(&config);
}

static struct vnfkit_channel_info info_of(int handle)
{
    struct vnfkit_channel_info info = { 0 };

    CHECK(vnfkit_channel_info(handle, &info) == 0, "channel %d", handle);
    return info;
}

static void end_channel(int handle)
{
    int result = vnfkit_channel_close(handle);

    CHECK(result == 0, "closing: %d", result);
}

static void fill(uint8_t *bytes, uint32_t length, uint32_t mark)
{
    for (uint32_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)(mark * 31 + i * 7);
}

static int is_filled(const uint8_t *bytes, uint32_t length, uint32_t mark)
{
    for (uint32_t i = 0; i < length; i++)
        if (bytes[i] != (uint8_t)(mark * 31 + i * 7))
            return 0;
    return 1;
}

static struct rte_mbuf *make(struct rte_mempool *pool, uint32_t length, uint32_t mark)
{
    struct rte_mbuf *packet = rte_pktmbuf_alloc(pool);

    if (packet == NULL)
        return NULL;
    packet->data_len = (uint16_t)length;
    packet->pkt_len = length;
    fill(rte_pktmbuf_mtod(packet, uint8_t *), length, mark);
    return packet;
}

// --- sender ---

static void sent_packets_arrive_and_their_buffers_come_back(uint32_t buffer_size)
{
    struct vnfkit_channel_config config;
    struct channel_sender *sender;
    struct rte_mempool *pool;
    uint64_t held[SLOTS];
    uint32_t marks[SLOTS];
    uint32_t held_count = 0;
    uint32_t sent = 0;
    int handle;

    begin();
    config = peer_channel(&memory, "sender", FIRST, SLOTS, buffer_size);
    handle = open_as(config, VNFKIT_CHANNEL_SENDER);
    CHECK(handle >= 0, "open: %d", handle);
    sender = channel_sender_claim(handle);
    CHECK(channel_sender_claim(handle) == NULL && channel_receiver_claim(handle) == NULL, "claimed twice");
    CHECK(vnfkit_channel_close(handle) == -EBUSY, "closed under a task");
    pool = pool_of(vnfkit_channel_pool(handle));
    for (uint32_t round = 0; round < 2000; round++) {
        uint32_t length = 1 + random_below(&seed, buffer_size - RTE_PKTMBUF_HEADROOM);
        struct rte_mbuf *packet = make(pool, length, sent);

        if (packet != NULL) {
            channel_send(sender, task, &packet, 1);
            CHECK(statistics.sent == ++sent, "packet %u was not sent", sent);
        }
        while (peer_count(&memory, config.packets) > 0) {
            held[held_count] = peer_take(&memory, config.packets);
            marks[held_count] = statistics.sent - peer_count(&memory, config.packets) - 1;
            CHECK(descriptor_offset(held[held_count]) >= config.buffers + RTE_PKTMBUF_HEADROOM, "headroom");
            held_count++;
        }
        CHECK(info_of(handle).in_flight == held_count, "%u held", held_count);
        // Back in any order, and not at once.
        while (held_count > 0 && (held_count == SLOTS - 1 || random_below(&seed, 3) == 0)) {
            uint32_t i = random_below(&seed, held_count);

            CHECK(is_filled(memory.base + descriptor_offset(held[i]), descriptor_length(held[i]), marks[i]),
                "packet %u changed", marks[i]);
            peer_put(&memory, config.returned, held[i]);
            held[i] = held[--held_count];
            marks[i] = marks[held_count];
        }
        channel_sender_tend(sender);
    }
    while (held_count > 0)
        peer_put(&memory, config.returned, held[--held_count]);
    channel_sender_tend(sender);
    CHECK(info_of(handle).free_buffers == SLOTS - 1, "%llu free", (unsigned long long)info_of(handle).free_buffers);
    CHECK(statistics.copied == 0 && sent > 500, "%u sent", sent);
    channel_sender_release(sender);
    end_channel(handle);
    peer_memory_free(&memory);
}

static void what_cannot_go_as_it_is_is_copied(void)
{
    struct rte_mempool *others = rte_pktmbuf_pool_create("others", 63, 0, 0, 4096, 0);
    struct vnfkit_channel_config config;
    struct channel_sender *sender;
    struct rte_mbuf *packet;
    struct rte_mbuf *clone;
    uint64_t descriptor;
    int handle;

    begin();
    config = peer_channel(&memory, "copies", FIRST, SLOTS, BUFFER);
    handle = open_as(config, VNFKIT_CHANNEL_SENDER);
    sender = channel_sender_claim(handle);

    packet = make(others, 1000, 1);
    packet->next = make(others, 300, 2);
    packet->nb_segs = 2;
    packet->pkt_len = 1300;
    channel_send(sender, task, &packet, 1);
    descriptor = peer_take(&memory, config.packets);
    CHECK(descriptor_length(descriptor) == 1300 && statistics.copied == 1, "two segments");
    CHECK(is_filled(memory.base + descriptor_offset(descriptor), 1000, 1), "first segment");
    CHECK(is_filled(memory.base + descriptor_offset(descriptor) + 1000, 300, 2), "second segment");
    peer_put(&memory, config.returned, descriptor);

    packet = make(others, BUFFER - RTE_PKTMBUF_HEADROOM + 1, 3);
    channel_send(sender, task, &packet, 1);
    CHECK(statistics.drops[VNFKIT_DROP_TOO_BIG] == 1 && statistics.sent == 1, "too long");

    // A clone of a packet in a buffer of the channel: somebody else reads it.
    packet = make(pool_of(vnfkit_channel_pool(handle)), 60, 4);
    clone = rte_pktmbuf_clone(packet, others);
    channel_send(sender, task, &clone, 1);
    CHECK(statistics.copied == 2, "a clone went as it was");
    descriptor = peer_take(&memory, config.packets);
    CHECK(memory.base + descriptor_offset(descriptor) != rte_pktmbuf_mtod(packet, uint8_t *), "same place");
    peer_put(&memory, config.returned, descriptor);
    rte_pktmbuf_free(packet);
    channel_sender_tend(sender);
    CHECK(info_of(handle).free_buffers == SLOTS - 1 && rte_mempool_full(others), "buffers are missing");
    channel_sender_release(sender);
    end_channel(handle);
    rte_mempool_free(others);
    peer_memory_free(&memory);
}

static void a_full_channel_drops_and_counts(void)
{
    struct rte_mempool *others = rte_pktmbuf_pool_create("others", 63, 0, 0, 2048, 0);
    struct vnfkit_channel_config config;
    struct channel_sender *sender;
    struct rte_mbuf *packets[2 * SLOTS];
    int handle;

    begin();
    config = peer_channel(&memory, "full", FIRST, SLOTS, BUFFER);
    handle = open_as(config, VNFKIT_CHANNEL_SENDER);
    sender = channel_sender_claim(handle);
    for (uint32_t i = 0; i < 2 * SLOTS; i++)
        packets[i] = make(others, 60, i);
    channel_send(sender, task, packets, 2 * SLOTS);
    CHECK(statistics.sent == SLOTS - 1 && statistics.drops[VNFKIT_DROP_OUTPUT_FULL] == SLOTS + 1, "%llu sent",
        (unsigned long long)statistics.sent);
    CHECK(rte_mempool_full(others), "mbufs are missing");
    // The receiver is gone with all of them.
    CHECK(vnfkit_channel_restart(handle) == SLOTS - 1, "recovered");
    CHECK(peer_count(&memory, config.packets) == 0 && info_of(handle).free_buffers == SLOTS - 1, "after a restart");
    // A receiver that comes now, or a sender if this one dies, compares the two rings.
    for (uint32_t i = 0; i < 2; i++)
        CHECK(*peer_word(&memory, i == 0 ? config.packets : config.returned, PEER_PRODUCER + 1) == 0xfffffff0u + SLOTS - 1
            && *peer_word(&memory, i == 0 ? config.packets : config.returned, PEER_CONSUMER + 1)
                == 0xfffffff0u + SLOTS - 1, "ring %u does not go on from what was sent", i);
    channel_sender_set_running(sender, 1);
    CHECK(vnfkit_channel_restart(handle) == -EBUSY, "restarted under an lcore");
    channel_sender_set_running(sender, 0);
    packets[0] = make(others, 60, 1);
    channel_send(sender, task, packets, 1);
    CHECK(peer_count(&memory, config.packets) == 1, "sends again");
    channel_sender_release(sender);
    // Nobody returns the one: it is given up after a while.
    end_channel(handle);
    CHECK(open_as(config, VNFKIT_CHANNEL_SENDER) == -EBUSY, "a new sender beside a packet of the old one");
    peer_put(&memory, config.returned, peer_take(&memory, config.packets));
    rte_mempool_free(others);
    peer_memory_free(&memory);
}

// --- receiver ---

static void received_packets_go_back_as_they_came(uint32_t lcore)
{
    struct vnfkit_channel_config config;
    struct channel_receiver *receiver;
    struct rte_mbuf *held[SLOTS];
    uint64_t descriptors[SLOTS] = { 0 };
    uint32_t held_count = 0;
    uint32_t on_the_way = 0;
    uint32_t given = 0;
    uint32_t next = 0;
    int handle;

    begin();
    config = peer_channel(&memory, "receiver", FIRST, SLOTS, BUFFER);
    handle = open_as(config, VNFKIT_CHANNEL_RECEIVER);
    CHECK(handle >= 0, "open: %d", handle);
    receiver = channel_receiver_claim(handle);
    channel_receiver_set_lcore(receiver, lcore);
    for (uint32_t round = 0; round < 4000; round++) {
        uint32_t buffer = next % (SLOTS - 1);

        if (on_the_way < SLOTS - 1 && descriptors[buffer] == 0) {
            uint32_t length = 1 + random_below(&seed, BUFFER - 128);
            uint64_t offset = config.buffers + buffer * BUFFER + random_below(&seed, BUFFER - length + 1);

            descriptors[buffer] = descriptor_of(offset, length);
            fill(memory.base + offset, length, buffer);
            peer_put(&memory, config.packets, descriptors[buffer]);
            on_the_way++;
            next++;
        }
        if (held_count + BURST < SLOTS)
            held_count += channel_receive(receiver, task, held + held_count);
        while (held_count > 0 && random_below(&seed, 2) == 0) {
            uint32_t i = random_below(&seed, held_count);
            struct rte_mbuf *packet = held[i];
            uint32_t headroom = rte_pktmbuf_headroom(packet);
            uint32_t tailroom = rte_pktmbuf_tailroom(packet);

            CHECK(headroom + packet->data_len + tailroom == BUFFER, "the buffer is not all there");
            // Headers in front and behind do not touch another packet.
            memset(packet->buf_addr, 0, headroom);
            memset(rte_pktmbuf_mtod(packet, uint8_t *) + packet->data_len, 0, tailroom);
            rte_pktmbuf_free(packet);
            held[i] = held[--held_count];
        }
        channel_receiver_tend(receiver);
        while (peer_count(&memory, config.returned) > 0) {
            uint64_t descriptor = peer_take(&memory, config.returned);
            uint64_t at = (descriptor_offset(descriptor) - config.buffers) / BUFFER;

            CHECK(at < SLOTS - 1 && descriptors[at] == descriptor, "returned what was not sent");
            if (at < SLOTS - 1)
                descriptors[at] = 0;
            on_the_way--;
            given++;
        }
        CHECK(info_of(handle).in_flight == held_count, "%u held", held_count);
    }
    rte_pktmbuf_free_bulk(held, held_count);
    channel_receiver_set_lcore(receiver, LCORE_ID_ANY);
    channel_receiver_release(receiver);
    end_channel(handle);
    CHECK(given > 1000 && statistics.drops[VNFKIT_DROP_DESCRIPTOR] == 0, "%u came back", given);
    peer_memory_free(&memory);
}

static void packets_pass_from_channel_to_channel_where_they_lie(void)
{
    struct vnfkit_channel_config in;
    struct vnfkit_channel_config out;
    struct channel_receiver *receiver;
    struct channel_sender *sender;
    struct rte_mbuf *packets[BURST];
    int in_handle;
    int out_handle;

    begin();
    in = peer_channel(&memory, "in", FIRST, SLOTS, BUFFER);
    out = peer_channel(&memory, "out", SECOND, SLOTS, BUFFER);
    in_handle = open_as(in, VNFKIT_CHANNEL_RECEIVER);
    out_handle = open_as(out, VNFKIT_CHANNEL_SENDER);
    receiver = channel_receiver_claim(in_handle);
    sender = channel_sender_claim(out_handle);
    channel_receiver_set_lcore(receiver, rte_lcore_id());
    for (uint32_t round = 0; round < 100; round++) {
        uint64_t descriptor = descriptor_of(in.buffers + round % (SLOTS - 1) * BUFFER + 128, 60 + round);
        uint16_t received;

        fill(memory.base + descriptor_offset(descriptor), descriptor_length(descriptor), round);
        peer_put(&memory, in.packets, descriptor);
        received = channel_receive(receiver, task, packets);
        CHECK(received == 1, "received %u", received);
        channel_send(sender, task, packets, received);
        CHECK(peer_count(&memory, in.returned) == 0, "back too early");
        CHECK(peer_take(&memory, out.packets) == descriptor, "not where it lay");
        CHECK(is_filled(memory.base + descriptor_offset(descriptor), 60 + round, round), "changed");
        peer_put(&memory, out.returned, descriptor);
        channel_sender_tend(sender);
        channel_receiver_tend(receiver);
        CHECK(peer_count(&memory, in.returned) == 1 && peer_take(&memory, in.returned) == descriptor, "not back");
    }
    CHECK(statistics.copied == 0 && statistics.sent == 100, "%llu copied", (unsigned long long)statistics.copied);

    // Two descriptors of one place, as no honest sender makes them: the second is copied.
    for (int i = 0; i < 2; i++)
        peer_put(&memory, in.packets, descriptor_of(in.buffers + 128, 60));
    CHECK(channel_receive(receiver, task, packets) == 2, "both");
    channel_send(sender, task, packets, 2);
    CHECK(statistics.copied == 1 && statistics.sent == 102, "one place sent twice");

    // One that leads into the buffers of the other channel: the buffer may be another packet's at any time.
    peer_put(&memory, in.packets, descriptor_of(out.buffers + 7 * BUFFER + 128, 60));
    CHECK(channel_receive(receiver, task, packets) == 1, "within the region");
    channel_send(sender, task, packets, 1);
    CHECK(statistics.copied == 2 && statistics.sent == 103, "sent out of somebody else's buffer");

    // The last receiver dies with three: what came from the first channel goes back there, the rest is free.
    CHECK(vnfkit_channel_restart(out_handle) == 3, "recovered");
    CHECK(info_of(out_handle).free_buffers == SLOTS - 1, "buffers are missing");
    channel_receiver_set_lcore(receiver, LCORE_ID_ANY);
    channel_receiver_tend(receiver);
    CHECK(peer_count(&memory, in.returned) == 3, "%u came back", peer_count(&memory, in.returned));
    channel_receiver_release(receiver);
    channel_sender_release(sender);
    end_channel(out_handle);
    end_channel(in_handle);
    peer_memory_free(&memory);
}

static void what_the_next_process_holds_does_not_go_back_to_the_one_before(void)
{
    struct vnfkit_channel_config in;
    struct vnfkit_channel_config out;
    struct channel_receiver *receiver;
    struct channel_sender *sender;
    struct rte_mbuf *packet[BURST];
    int in_handle;
    int out_handle;

    begin();
    in = peer_channel(&memory, "in", FIRST, SLOTS, BUFFER);
    out = peer_channel(&memory, "out", SECOND, SLOTS, BUFFER);
    in_handle = open_as(in, VNFKIT_CHANNEL_RECEIVER);
    out_handle = open_as(out, VNFKIT_CHANNEL_SENDER);
    receiver = channel_receiver_claim(in_handle);
    sender = channel_sender_claim(out_handle);
    peer_put(&memory, in.packets, descriptor_of(in.buffers + 128, 60));
    CHECK(channel_receive(receiver, task, packet) == 1, "received");
    channel_send(sender, task, packet, 1);
    channel_sender_release(sender);
    channel_receiver_release(receiver);
    end_channel(out_handle);
    CHECK(info_of(in_handle).in_flight == 1, "in flight");
    end_channel(in_handle);
    CHECK(peer_count(&memory, in.returned) == 0, "given back under the eyes of the next process");
    CHECK(open_as(in, VNFKIT_CHANNEL_RECEIVER) == -EBUSY, "the sender has to recover first");
    peer_memory_free(&memory);
}

// A driver that keeps a packet for longer than the channel is open.
static void a_side_with_packets_in_a_driver_stays(void)
{
    struct vnfkit_channel_config config;
    struct channel_receiver *receiver;
    struct rte_mbuf *packets[BURST];
    int handle;

    begin();
    config = peer_channel(&memory, "kept", FIRST, SLOTS, BUFFER);
    handle = open_as(config, VNFKIT_CHANNEL_RECEIVER);
    receiver = channel_receiver_claim(handle);
    peer_put(&memory, config.packets, descriptor_of(config.buffers + 128, 60));
    CHECK(channel_receive(receiver, task, packets) == 1, "received");
    channel_receiver_release(receiver);
    CHECK(vnfkit_channel_close(handle) == 1, "gone with a packet out");
    CHECK(rte_pktmbuf_mtod(packets[0], uint8_t *)[0] == 0, "the memory is there");
    rte_pktmbuf_free(packets[0]);
    // The next call of the control side finds it free.
    CHECK(vnfkit_channel_open(&config) == -EBUSY, "in flight for those who come later");
    peer_memory_free(&memory);
}

// --- hostile peers ---

static void descriptors_are_checked_once_and_wholly(void)
{
    struct vnfkit_channel_config config;
    struct channel_receiver *receiver;
    struct rte_mbuf *packets[BURST];
    uint64_t expected = 0;
    int handle;

    begin();
    config = peer_channel(&memory, "hostile", FIRST, SLOTS, BUFFER);
    handle = open_as(config, VNFKIT_CHANNEL_RECEIVER);
    receiver = channel_receiver_claim(handle);
    channel_receiver_set_lcore(receiver, rte_lcore_id());
    for (uint32_t round = 0; round < 200000; round++) {
        static const uint64_t edges[] = { 0, PEER_FIRST_OBJECT, PEER_SIZE, 1ull << 39, UINT64_MAX, 1ull << 56 };
        uint64_t descriptor = random_next(&seed);
        uint64_t offset;
        uint32_t length;
        int is_good;
        uint16_t received;

        switch (random_below(&seed, 4)) {
        case 0:
            descriptor = edges[random_below(&seed, 6)] + random_below(&seed, 5) - 2;
            break;
        case 1:
            descriptor = random_below(&seed, PEER_SIZE + 4096) | (uint64_t)random_below(&seed, 65536) << 40;
            break;
        case 2:
            descriptor = (PEER_SIZE - random_below(&seed, 70000)) | (uint64_t)random_below(&seed, 65536) << 40;
            break;
        default:
            break;
        }
        offset = descriptor & 0xffffffffffull;
        length = (uint32_t)(descriptor >> 40 & 0xffff);
        is_good = descriptor >> 56 == 0 && length > 0 && offset >= PEER_FIRST_OBJECT && offset + length <= PEER_SIZE;
        expected += !is_good;
        peer_put(&memory, config.packets, descriptor);
        received = channel_receive(receiver, task, packets);
        CHECK(received == is_good, "descriptor %llx", (unsigned long long)descriptor);
        if (received == 1) {
            struct rte_mbuf *packet = packets[0];
            uint64_t start = offset - packet->data_off;

            CHECK(start >= PEER_FIRST_OBJECT && start + packet->buf_len <= PEER_SIZE, "room outside of the region");
            CHECK((uint32_t)packet->data_off + packet->data_len <= packet->buf_len && packet->data_len == length, "length");
            rte_pktmbuf_free(packet);
        }
        channel_receiver_tend(receiver);
        CHECK(peer_take(&memory, config.returned) == descriptor, "not back as it came");
    }
    CHECK(statistics.drops[VNFKIT_DROP_DESCRIPTOR] == expected, "drops");
    channel_receiver_set_lcore(receiver, LCORE_ID_ANY);
    channel_receiver_release(receiver);
    end_channel(handle);
    peer_memory_free(&memory);
}

static void impossible_indexes_end_a_receiver(void)
{
    for (uint32_t which = 0; which < 2; which++) {
        struct vnfkit_channel_config config;
        struct channel_receiver *receiver;
        struct rte_mbuf *packets[BURST];
        int handle;

        begin();
        config = peer_channel(&memory, "indexes", FIRST, SLOTS, BUFFER);
        handle = open_as(config, VNFKIT_CHANNEL_RECEIVER);
        receiver = channel_receiver_claim(handle);
        if (which == 0) {
            *peer_word(&memory, config.packets, PEER_PRODUCER + 1) += SLOTS;
            CHECK(channel_receive(receiver, task, packets) == 0, "more than the ring holds");
        } else {
            // One that takes back what was not given: the packet stays, and nothing is written.
            peer_put(&memory, config.packets, descriptor_of(config.buffers, 60));
            CHECK(channel_receive(receiver, task, packets) == 1, "received");
            rte_pktmbuf_free(packets[0]);
            ++*peer_word(&memory, config.returned, PEER_CONSUMER + 1);
            channel_receiver_tend(receiver);
            CHECK(info_of(handle).in_flight == 1, "given back");
        }
        CHECK(info_of(handle).damaged == 1, "believed");
        CHECK(channel_receive(receiver, task, packets) == 0, "goes on");
        channel_receiver_release(receiver);
        end_channel(handle);
        peer_memory_free(&memory);
    }
}

// Sizes in memory are the peer's to change; those of the side are its own.
static void sizes_in_memory_are_not_read_again(void)
{
    struct vnfkit_channel_config config;
    struct channel_sender *sender;
    struct rte_mbuf *packet;
    int handle;

    begin();
    config = peer_channel(&memory, "sizes", FIRST, SLOTS, BUFFER);
    handle = open_as(config, VNFKIT_CHANNEL_SENDER);
    sender = channel_sender_claim(handle);
    for (uint32_t i = 0; i < 3; i++) {
        *peer_word(&memory, config.packets, PEER_SIZE_WORD + i) = UINT32_MAX;
        *peer_word(&memory, config.returned, PEER_SIZE_WORD + i) = UINT32_MAX;
    }
    packet = make(pool_of(vnfkit_channel_pool(handle)), 60, 1);
    channel_send(sender, task, &packet, 1);
    CHECK(statistics.sent == 1, "sent");
    CHECK(open_as(config, VNFKIT_CHANNEL_RECEIVER) == -EILSEQ, "a ring of another size");
    channel_sender_release(sender);
    end_channel(handle);
    peer_memory_free(&memory);
}

static void hostile_returns_end_a_sender(void)
{
    for (uint32_t attack = 0; attack < 6; attack++) {
        struct vnfkit_channel_config config;
        struct channel_sender *sender;
        struct rte_mbuf *packet;
        uint64_t descriptor;
        int handle;

        begin();
        config = peer_channel(&memory, "returns", FIRST, SLOTS, BUFFER);
        handle = open_as(config, VNFKIT_CHANNEL_SENDER);
        sender = channel_sender_claim(handle);
        for (int i = 0; i < 2; i++) {
            packet = make(pool_of(vnfkit_channel_pool(handle)), 60, 1);
            channel_send(sender, task, &packet, 1);
        }
        descriptor = peer_take(&memory, config.packets);
        if (attack == 0)
            peer_put(&memory, config.returned, descriptor + 1);
        else if (attack == 1)
            peer_put(&memory, config.returned, descriptor ^ 1ull << 40);
        else if (attack == 2)
            peer_put(&memory, config.returned, UINT64_MAX);
        else if (attack == 3)
            peer_put(&memory, config.returned, descriptor_of(PEER_SIZE, 0));
        else if (attack == 4)
            *peer_word(&memory, config.returned, PEER_PRODUCER + 1) += 3;
        else
            // It claims to have taken what was never sent.
            *peer_word(&memory, config.packets, PEER_CONSUMER + 1) += 2;
        if (attack < 4)
            peer_put(&memory, config.returned, descriptor);
        channel_sender_tend(sender);
        packet = make(pool_of(vnfkit_channel_pool(handle)), 60, 1);
        channel_send(sender, task, &packet, 1);
        CHECK(info_of(handle).damaged == 1 && info_of(handle).in_flight == 2, "attack %u", attack);
        CHECK(statistics.drops[VNFKIT_DROP_DAMAGED] == 1 && statistics.sent == 2, "goes on after attack %u", attack);
        CHECK(vnfkit_channel_restart(handle) == 2 && info_of(handle).damaged == 0, "restart after attack %u", attack);
        CHECK(info_of(handle).free_buffers == SLOTS - 1, "buffers are missing");
        channel_sender_release(sender);
        end_channel(handle);
        peer_memory_free(&memory);
    }
}

static void one_packet_comes_back_once(void)
{
    struct vnfkit_channel_config config;
    struct channel_sender *sender;
    struct rte_mbuf *packet;
    uint64_t descriptor;
    int handle;

    begin();
    config = peer_channel(&memory, "once", FIRST, SLOTS, BUFFER);
    handle = open_as(config, VNFKIT_CHANNEL_SENDER);
    sender = channel_sender_claim(handle);
    for (int i = 0; i < 2; i++) {
        packet = make(pool_of(vnfkit_channel_pool(handle)), 60, 1);
        channel_send(sender, task, &packet, 1);
    }
    descriptor = peer_take(&memory, config.packets);
    peer_put(&memory, config.returned, descriptor);
    peer_put(&memory, config.returned, descriptor);
    channel_sender_tend(sender);
    CHECK(info_of(handle).damaged == 1 && info_of(handle).in_flight == 1, "twice");
    channel_sender_release(sender);
    end_channel(handle);
    peer_memory_free(&memory);
}

// The peer writes whatever it likes into both rings; the address sanitizer watches, and all buffers are there in the end.
static void random_rings_do_no_harm(uint32_t side)
{
    for (uint32_t run = 0; run < 300; run++) {
        struct vnfkit_channel_config config;
        struct rte_mempool *pool = NULL;
        struct channel_receiver *receiver = NULL;
        struct channel_sender *sender = NULL;
        struct rte_mbuf *packets[BURST];
        int handle;

        begin();
        config = peer_channel(&memory, "random", FIRST, SLOTS, BUFFER);
        handle = open_as(config, side);
        if (side == VNFKIT_CHANNEL_SENDER)
            sender = channel_sender_claim(handle);
        else
            receiver = channel_receiver_claim(handle);
        pool = sender != NULL ? pool_of(vnfkit_channel_pool(handle)) : NULL;
        for (uint32_t round = 0; round < 50; round++) {
            uint64_t ring = random_below(&seed, 2) ? config.packets : config.returned;
            uint32_t words = (PEER_TABLE + 8 * SLOTS) / 4;
            uint32_t word = random_below(&seed, words);

            if (random_below(&seed, 10) == 0)
                *peer_word(&memory, ring, word) += random_below(&seed, 3);
            if (random_below(&seed, 3) == 0)
                *peer_slot(&memory, ring, word) = descriptor_of(PEER_FIRST_OBJECT + random_below(&seed, PEER_SIZE), word);
            if (receiver != NULL) {
                rte_pktmbuf_free_bulk(packets, channel_receive(receiver, task, packets));
                ++*peer_word(&memory, config.packets, PEER_PRODUCER + 1);
            } else {
                struct rte_mbuf *packet = make(pool, 60, round);

                if (packet != NULL)
                    channel_send(sender, task, &packet, 1);
                peer_put(&memory, config.returned, *peer_slot(&memory, config.packets, round));
                channel_sender_tend(sender);
            }
        }
        if (sender != NULL) {
            vnfkit_channel_restart(handle);
            CHECK(info_of(handle).free_buffers == SLOTS - 1, "buffers are missing in run %u", run);
            channel_sender_release(sender);
        } else {
            channel_receiver_release(receiver);
        }
        end_channel(handle);
        peer_memory_free(&memory);
    }
}

// --- opening ---

static void impossible_channels_are_refused(void)
{
    struct vnfkit_channel_config good;
    struct vnfkit_channel_config config;

    begin();
    good = peer_channel(&memory, "opening", FIRST, SLOTS, BUFFER);
#define REFUSED(errno_name, ...) \
    do { \
        config = good; \
        __VA_ARGS__; \
        CHECK(vnfkit_channel_open(&config) == -(errno_name), #__VA_ARGS__); \
    } while (0)
    REFUSED(EINVAL, config.side = 2);
    REFUSED(EINVAL, config.cache_line = 32);
    REFUSED(EINVAL, config.slots = SLOTS + 1);
    REFUSED(EINVAL, config.slots = 1);
    REFUSED(EINVAL, config.slots = 1u << 25);
    REFUSED(EINVAL, config.buffer_size = 65536);
    REFUSED(EINVAL, config.buffer_size = 1024);
    REFUSED(EINVAL, config.buffer_size = 3000);
    REFUSED(EINVAL, config.buffer_count = SLOTS);
    REFUSED(EINVAL, config.buffer_count = 0);
    REFUSED(EINVAL, config.first_object += 64);
    REFUSED(EINVAL, config.packets += 8);
    REFUSED(EINVAL, config.packets = 0);
    REFUSED(EINVAL, config.returned = PEER_SIZE - 64);
    REFUSED(EINVAL, config.returned = UINT64_MAX - 63);
    REFUSED(EINVAL, config.buffers += 64);
    REFUSED(EINVAL, config.buffers = PEER_SIZE - BUFFER);
    REFUSED(EINVAL, config.region_size = PEER_SIZE * 2ull);
    REFUSED(EINVAL, config.region_size = 1ull << 41);
    REFUSED(EINVAL, config.page_size = 0);
    REFUSED(EINVAL, config.region_size -= 2048);
    REFUSED(EINVAL, memset(config.name, 'a', sizeof config.name));
    REFUSED(EBADF, config.descriptor = -1);
    REFUSED(EILSEQ, config.slots = 8; config.buffer_count = 7);
    REFUSED(EILSEQ, config.packets = good.buffers);
    REFUSED(ENAMETOOLONG, memset(config.name, 'a', 40));
#undef REFUSED
    CHECK(vnfkit_channel_close(7) == -EBADF && vnfkit_channel_restart(7) == -EBADF && vnfkit_channel_pool(7) == -EBADF,
        "a handle of nothing");
    peer_memory_free(&memory);
}

int main(void)
{
    static char *arguments[] = { "channel_test", "--no-huge", "-m", "64", "--no-pci", "--no-shconf", "--no-telemetry",
        "--lcores", "0@0", "--log-level", "*:critical", NULL };
    size_t free_before;
    struct rte_malloc_socket_stats heap;

    if (rte_eal_init(sizeof arguments / sizeof arguments[0] - 1, arguments) < 0)
        return 1;
    task = aligned_alloc(64, sizeof *task);
    memset(task, 0, sizeof *task);
    task->statistics = &statistics;
    task->burst = BURST;
    task->transmit_tries = 2;
    rte_malloc_get_socket_stats(0, &heap);
    free_before = heap.heap_freesz_bytes;
    sent_packets_arrive_and_their_buffers_come_back(2048);
    sent_packets_arrive_and_their_buffers_come_back(10240);
    sent_packets_arrive_and_their_buffers_come_back(63488);
    what_cannot_go_as_it_is_is_copied();
    a_full_channel_drops_and_counts();
    received_packets_go_back_as_they_came(rte_lcore_id());
    received_packets_go_back_as_they_came(LCORE_ID_ANY);
    packets_pass_from_channel_to_channel_where_they_lie();
    what_the_next_process_holds_does_not_go_back_to_the_one_before();
    a_side_with_packets_in_a_driver_stays();
    descriptors_are_checked_once_and_wholly();
    impossible_indexes_end_a_receiver();
    sizes_in_memory_are_not_read_again();
    hostile_returns_end_a_sender();
    one_packet_comes_back_once();
    random_rings_do_no_harm(VNFKIT_CHANNEL_SENDER);
    random_rings_do_no_harm(VNFKIT_CHANNEL_RECEIVER);
    impossible_channels_are_refused();
    rte_malloc_get_socket_stats(0, &heap);
    CHECK(heap.heap_freesz_bytes == free_before, "%zu bytes of the heap are not back", free_before - heap.heap_freesz_bytes);
    free(task);
    return check_result("channel_test");
}
