// SPDX-License-Identifier: Apache-2.0
// What rte_log writes arrives line by line with its priority, or not at all. Needs no EAL: only its log. The file is
// included whole.
#include "log.c"

#include "check.h"

#include <pthread.h>

static int ends[2];
static char text[1 << 20];

static void open_pipe(void)
{
    FILE *stream;

    CHECK(pipe(ends) == 0, "pipe");
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    stream = log_open(ends[1]);
    CHECK(stream != NULL && stream != (FILE *)-1, "stream");
    rte_openlog_stream(stream);
    close(ends[1]);
}

// What has been written since the last time.
static const char *arrived(void)
{
    ssize_t length = read(ends[0], text, sizeof text - 1);

    text[length > 0 ? length : 0] = '\0';
    return text;
}

#define EXPECT_TEXT(expected) \
    do { \
        const char *actual_ = arrived(); \
        CHECK(strcmp(actual_, expected) == 0, "\"%s\"", actual_); \
    } while (0)

static void each_level_is_a_priority(void)
{
    for (uint32_t level = RTE_LOG_EMERG; level <= RTE_LOG_DEBUG; level++)
        rte_log(level, RTE_LOGTYPE_USER1, "level %u\n", level);
    EXPECT_TEXT("<0>level 1\n<1>level 2\n<2>level 3\n<3>level 4\n<4>level 5\n<5>level 6\n<6>level 7\n<7>level 8\n");
}

static void each_line_of_a_message_has_one(void)
{
    rte_log(RTE_LOG_ERR, RTE_LOGTYPE_USER1, "one\n\ntwo\n");
    EXPECT_TEXT("<3>one\n<3>\n<3>two\n");
}

static void a_line_in_pieces_has_one(void)
{
    rte_log(RTE_LOG_WARNING, RTE_LOGTYPE_USER1, "to");
    rte_log(RTE_LOG_WARNING, RTE_LOGTYPE_USER1, "get");
    rte_log(RTE_LOG_WARNING, RTE_LOGTYPE_USER1, "her\nand");
    rte_log(RTE_LOG_ERR, RTE_LOGTYPE_USER1, " more\nnew\n");
    EXPECT_TEXT("<4>together\n<4>and more\n<3>new\n");
}

static void a_longer_line_than_a_pipe_takes_at_once_is_cut(void)
{
    char *longer = malloc(3 * PIPE_BUF);
    size_t length;

    memset(longer, 'x', 3 * PIPE_BUF);
    longer[3 * PIPE_BUF - 1] = '\0';
    rte_log(RTE_LOG_INFO, RTE_LOGTYPE_USER1, "%s\n", longer);
    rte_log(RTE_LOG_INFO, RTE_LOGTYPE_USER1, "after\n");
    length = strlen(arrived());
    CHECK(length >= PIPE_BUF, "%zu bytes", length);
    CHECK(strncmp(text, "<6>xxx", 6) == 0 && strcmp(text + length - 10, "\n<6>after\n") == 0, "%s", text + length - 20);
    free(longer);
}

static void a_full_pipe_loses_whole_lines_and_holds_nobody_up(void)
{
    char line[128];
    char *next;
    uint32_t count = 0;

    memset(line, 'y', sizeof line);
    line[sizeof line - 1] = '\0';
    for (uint32_t i = 0; i < 10000; i++)
        rte_log(RTE_LOG_NOTICE, RTE_LOGTYPE_USER1, "%s\n", line);
    arrived();
    for (char *at = text; *at != '\0'; at = next + 1, count++) {
        next = strchr(at, '\n');
        CHECK(next != NULL && next - at == 3 + 127 && strncmp(at, "<5>y", 4) == 0, "line %u", count);
        if (next == NULL)
            break;
    }
    CHECK(count > 100 && count < 10000, "%u lines", count);
    rte_log(RTE_LOG_ERR, RTE_LOGTYPE_USER1, "again\n");
    EXPECT_TEXT("<3>again\n");
}

static void *log_many(void *argument)
{
    uint32_t level = *(const uint32_t *)argument;

    for (uint32_t i = 0; i < 300; i++)
        rte_log(level, RTE_LOGTYPE_USER1, "of level %u\n", level);
    return NULL;
}

static void threads_do_not_mix_their_levels(void)
{
    uint32_t levels[] = { RTE_LOG_ERR, RTE_LOG_WARNING, RTE_LOG_INFO };
    pthread_t threads[3];
    uint32_t count = 0;

    for (uint32_t i = 0; i < 3; i++)
        CHECK(pthread_create(&threads[i], NULL, log_many, &levels[i]) == 0, "thread");
    for (uint32_t i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    arrived();
    for (char *at = strtok(text, "\n"); at != NULL; at = strtok(NULL, "\n"), count++)
        CHECK(strlen(at) == 13 && strncmp(at + 3, "of level ", 9) == 0 && at[12] == at[1] + 1, "\"%s\"", at);
    CHECK(count == 900, "%u lines", count);
}

int main(void)
{
    rte_log_set_global_level(RTE_LOG_DEBUG);
    rte_log_set_level(RTE_LOGTYPE_USER1, RTE_LOG_DEBUG);
    open_pipe();
    each_level_is_a_priority();
    each_line_of_a_message_has_one();
    a_line_in_pieces_has_one();
    a_longer_line_than_a_pipe_takes_at_once_is_cut();
    a_full_pipe_loses_whole_lines_and_holds_nobody_up();
    threads_do_not_mix_their_levels();
    return check_result("log_test");
}
