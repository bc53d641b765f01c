/* SPDX-License-Identifier: Apache-2.0 */
#include "netlink.h"

#include "syscall.h"

/* The start of struct nlmsgerr; the copy of the request that follows it is cut off by the short read. */
struct acknowledgement {
    struct nlmsghdr header;
    int32_t error;
};

static long receive(int socket, struct acknowledgement *answer)
{
    long size;

    do
        size = sys_read(socket, answer, sizeof(*answer));
    while (size == -EINTR);
    return size;
}

long netlink_request(int socket, const uint8_t *message, uint64_t size)
{
    const struct nlmsghdr *request = (const struct nlmsghdr *)message;
    struct acknowledgement answer;
    long result;

    if (!(request->flags & NLM_F_ACK))
        return -EINVAL;
    /* write(2) on an unconnected netlink socket goes to port 0, the kernel. */
    result = sys_write(socket, message, size);
    if (result < 0)
        return result;
    for (;;) {
        result = receive(socket, &answer);
        if (result < 0)
            return result;
        if (result < (long)sizeof(answer))
            return -EINVAL;
        /* Other messages (an NLM_F_ECHO, a notification) may come first. */
        if (answer.header.type == NLMSG_ERROR && answer.header.sequence == request->sequence)
            return answer.error;
    }
}
