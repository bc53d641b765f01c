// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <rte_log.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define PREFIX_SIZE 3u

struct log {
    int descriptor;
    int in_line;                  // what was written last did not end its line
};

// Of the message that this thread is logging. What does not come from rte_log has none.
static char priority(void)
{
    int level = rte_log_cur_msg_loglevel();

    return level >= (int)RTE_LOG_EMERG && level <= (int)RTE_LOG_DEBUG ? (char)('0' + level - 1) : '6';
}

// At most PIPE_BUF bytes are written whole or not at all: a line that does not fit into the pipe is lost whole.
static void write_line(struct log *log, const char *text, size_t length, int ends)
{
    char line[PIPE_BUF];
    size_t prefix = log->in_line ? 0 : PREFIX_SIZE;
    size_t kept = length <= sizeof line - prefix ? length : sizeof line - prefix;
    ssize_t written;

    if (prefix != 0) {
        line[0] = '<';
        line[1] = priority();
        line[2] = '>';
    }
    memcpy(line + prefix, text, kept);
    if (ends)
        line[prefix + kept - 1] = '\n';
    written = write(log->descriptor, line, prefix + kept);
    // The rest of a line whose beginning is lost begins the line.
    log->in_line = !ends && (written >= 0 || log->in_line);
}

// The stream has no buffer, so that this is called within rte_log, on its thread and under the lock of the stream.
static ssize_t write_log(void *cookie, const char *text, size_t length)
{
    size_t at = 0;

    while (at < length) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t size = end != NULL ? (size_t)(end - (text + at)) + 1 : length - at;

        write_line(cookie, text + at, size, end != NULL);
        at += size;
    }
    return (ssize_t)length;
}

static FILE *open_stream(int own)
{
    const cookie_io_functions_t functions = { .write = write_log };
    struct log *log = calloc(1, sizeof *log);
    FILE *stream;

    if (log == NULL)
        return NULL;
    log->descriptor = own;
    stream = fopencookie(log, "w", functions);
    if (stream == NULL) {
        free(log);
        return NULL;
    }
    // The C library puts a whole message together before it writes, also without a buffer.
    setvbuf(stream, NULL, _IONBF, 0);
    return stream;
}

FILE *log_open(int descriptor)
{
    int own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    FILE *stream;

    if (own < 0)
        return NULL;
    stream = fcntl(own, F_SETFL, O_NONBLOCK) < 0 ? NULL : open_stream(own);
    if (stream == NULL)
        close(own);
    return stream;
}
