/* SPDX-License-Identifier: Apache-2.0 */
#include "signals.h"

#include "syscall.h"

static void set_disposition(int signal, uint64_t handler)
{
    const struct kernel_sigaction action = {.handler = handler};

    sys_sigaction(signal, &action);
}

void signals_reset(void)
{
    for (int signal = 1; signal <= LAST_SIGNAL; signal++)
        if (signal != SIGKILL && signal != SIGSTOP)
            set_disposition(signal, signal == SIGPIPE ? SIG_IGN : SIG_DFL);
    sys_sigprocmask(0);
}

void signals_clear(void)
{
    set_disposition(SIGPIPE, SIG_DFL);
    sys_sigprocmask(0);
}
