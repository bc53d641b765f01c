/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VNFKIT_SIGNALS_H
#define VNFKIT_SIGNALS_H

/*
 * All dispositions 1..64 to default, an empty mask: a JVM ignores or blocks some (SIGQUIT, 32, 33), and both survive
 * execve(2). SIGPIPE is ignored until signals_clear, so that a write to a peer that ended fails with EPIPE.
 */
void signals_reset(void);

/* The state in which a program expects to be executed. */
void signals_clear(void);

#endif
