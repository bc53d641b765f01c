// SPDX-License-Identifier: Apache-2.0
// Sides of packet channels against a peer that writes what it likes: no number of it is believed, no buffer is lost.
#define _GNU_SOURCE
#include "channel_fixture.h"

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
    start_eal();
    descriptors_are_checked_once_and_wholly();
    impossible_indexes_end_a_receiver();
    sizes_in_memory_are_not_read_again();
    hostile_returns_end_a_sender();
    one_packet_comes_back_once();
    random_rings_do_no_harm(VNFKIT_CHANNEL_SENDER);
    random_rings_do_no_harm(VNFKIT_CHANNEL_RECEIVER);
    impossible_channels_are_refused();
    return all_is_back("channel_hostile_test");
}
