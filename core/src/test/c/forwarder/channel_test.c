// SPDX-License-Identifier: Apache-2.0
// Sides of packet channels against an honest peer that has the memory only: every packet whole, every buffer back.
#define _GNU_SOURCE
#include "channel_fixture.h"

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

int main(void)
{
    start_eal();
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
    return all_is_back("channel_test");
}
