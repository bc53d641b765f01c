/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The binary contract between the Java encoder (package io.vnfkit.launch.program) and the launch init.
 *
 * A launch program is one flat file: syscall numbers, arguments and the bytes they point to. All policy was decided in
 * Java; the init only checks that the program is well formed and carries it out. Everything is little endian, unsigned
 * unless said otherwise, and 64-bit. The lowest kernel is 5.14 (cgroup.kill, close_range with CLOEXEC, clone3).
 *
 * Descriptors at the start of the init; all seven must be open, everything from 7 up is closed:
 *   0 1 2  stdio of the VNF
 *   3      the program (a sealed memfd; mapped privately, so that the init can patch its copy)
 *   4      report pipe, write end: struct report_record
 *   5      liveness pipe, read end: end of file means that the JVM is gone
 *   6      lock and exit record file: an flock(2) taken by Java lives as long as the supervisor; struct exit_record
 *
 * File layout, in this order and without gaps except padding to 8 bytes:
 *   struct program_header
 *   struct instruction  [instruction_count]
 *   u32 relocation      [relocation_count]   ascending data offsets of 8-byte words that hold a data offset and are
 *                                            turned into pointers before the first instruction runs
 *   data                [data_size]          a multiple of 8; its last byte is 0, so every string ends inside it
 *
 * The instructions form one section per process. The first section belongs to the process that Java started. A section
 * holds at most one CLONE and ends with SUPERVISE or EXIT; the section of the cloned child follows directly.
 */
#ifndef VNFKIT_ABI_H
#define VNFKIT_ABI_H

#include <stdint.h>

#define PROGRAM_MAGIC 0x4b464e56u /* "VNFK" */
#define REPORT_MAGIC 0x52464e56u  /* "VNFR" */
#define EXIT_MAGIC 0x58464e56u    /* "VNFX" */
#define PROGRAM_VERSION 1

#define FD_PROGRAM 3
#define FD_REPORT 4
#define FD_LIVENESS 5
#define FD_EXIT_RECORD 6
#define FD_FIRST_FOREIGN 7

#define MAX_PROGRAM_SIZE (16u << 20)
#define MAX_INSTRUCTIONS 65535u
#define MAX_SLOTS 256u
#define ARGUMENTS 6
#define TOLERATED 3

#define NO_SLOT 0xffffu
#define ANY_ERRNO 0xffffu
/* In place of a descriptor argument: there is none. */
#define NO_DESCRIPTOR (~UINT64_C(0))
/* Exit status of a process that could not finish its section; it has reported why. */
#define EXIT_LAUNCH_FAILED 125

struct program_header {
    uint32_t magic;
    uint16_t version;
    uint16_t header_size;
    uint32_t total_size;
    uint32_t instruction_count;
    uint32_t instruction_offset;
    uint32_t relocation_count;
    uint32_t relocation_offset;
    uint32_t data_offset;
    uint32_t data_size;
    uint32_t slot_count;
    uint32_t reserved[6];
};

struct instruction {
    uint16_t opcode;
    uint16_t step;                 /* the plan step that the instruction belongs to: returned in reports */
    uint16_t result_slot;          /* NO_SLOT: the result is dropped */
    uint16_t tolerated[TOLERATED]; /* these errnos count as success, the slot then holds -errno; ANY_ERRNO: all */
    int32_t number;                /* SYSCALL: the number on this architecture */
    uint8_t kind[ARGUMENTS];       /* enum argument_kind */
    uint16_t reserved;
    uint64_t argument[ARGUMENTS];
};

enum argument_kind {
    KIND_IMMEDIATE = 0, /* the value itself */
    KIND_DATA = 1,      /* a data offset, passed as a pointer */
    KIND_SLOT = 2,      /* the value of a slot written earlier in the same process or, before CLONE, in its parent */
    KIND_VECTOR = 3,    /* like DATA, 8-aligned: an array of relocated pointers that ends with NULL */
};

enum opcode {
    /* number, six arguments of any kind. */
    OP_SYSCALL = 1,
    /*
     * flags, cgroup directory descriptor (with CLONE_INTO_CGROUP), index of the child's first instruction. clone3(2)
     * with SIGCHLD. The parent goes on with the child's pid in the result slot. Only CLONE_NEW*, CLONE_INTO_CGROUP and
     * CLONE_CLEAR_SIGHAND are allowed: any other flag would share memory with the child or give it to another parent.
     * The child closes descriptors 5 and 6, so that the lock tells whether the supervisor lives.
     */
    OP_CLONE = 2,
    /*
     * Parent: waits for BARRIER of the child. A child that ended is reaped; unless it has reported, the parent reports
     * ECHILD with the wait status. If the JVM ends meanwhile, the child is killed: the launch will never be complete.
     */
    OP_AWAIT_CHILD = 3,
    /* Parent: lets the child pass its BARRIER. */
    OP_RELEASE_CHILD = 4,
    /* Child: meets AWAIT_CHILD, then waits for RELEASE_CHILD. If the parent is gone, the child ends quietly. */
    OP_BARRIER = 5,
    /* value, data: writes the low 32 bits of the value (patches netlink messages with descriptors, pids, indexes). */
    OP_STORE32 = 6,
    /*
     * value, data, width: writes the value in decimal, right aligned, filled up with '/' on the left. A path may hold
     * repeated slashes, while /proc takes no leading zeros: "/proc/" "//////1234" "/uid_map".
     */
    OP_FORMAT_DECIMAL = 7,
    /* socket, message, length: sends and receives the acknowledgement, which the message must ask for. */
    OP_NETLINK = 8,
    /* actual (slot, or data read with the size), mask, expected, errno, size 4 or 8: fails unless actual & mask. */
    OP_EXPECT = 9,
    /* value: sends REPORT_STARTED. */
    OP_REPORT = 10,
    /*
     * mode, whether the end of the JVM kills the child, cgroup.kill descriptor, v1 freezer.state descriptor: reaps the
     * child, forwards signals, and ends with its status. See supervise.c.
     */
    OP_SUPERVISE = 11,
    /* status: ends this process quietly. */
    OP_EXIT = 12,
    /* Undoes what the init changed for itself (SIGPIPE ignored), as the last step before execve(2). */
    OP_CLEAR_SIGNALS = 13,
    /* first: sets FD_CLOEXEC on this descriptor and all above. */
    OP_CLOSE_FROM = 14,
    /* data, size 4 or 8: reads a value that a syscall left in the data into the result slot. */
    OP_LOAD = 15,
    OP_COUNT,
};

enum supervise_mode {
    SUPERVISE_OUTER = 0, /* on the host: watches the JVM, leaves the exit record */
    SUPERVISE_INNER = 1, /* pid 1 inside the VNF: also reaps orphans; its end makes the kernel kill the rest */
};

enum report_kind {
    REPORT_STARTED = 1,
    REPORT_FAILED = 2,
};

/* One write(2) to the report pipe, below PIPE_BUF and so never mixed with another process's record. */
struct report_record {
    uint32_t magic;
    uint32_t kind;
    uint32_t step;
    uint32_t instruction; /* NO_INSTRUCTION: before the first instruction */
    int32_t error;        /* errno */
    uint32_t opcode;
    uint64_t value;       /* STARTED: the argument. FAILED: see OP_*; of a damaged program, enum damage */
};

#define NO_INSTRUCTION UINT32_MAX

/* Written by the outer supervisor at offset 0 of descriptor 6 when the VNF has ended. */
struct exit_record {
    uint32_t magic;
    uint32_t code;   /* 0..255, or 128 + the signal */
    uint32_t status; /* as of wait4(2) */
    uint32_t reserved;
};

_Static_assert(sizeof(struct program_header) == 64, "header layout");
_Static_assert(sizeof(struct instruction) == 72, "instruction layout");
_Static_assert(sizeof(struct report_record) == 32, "report layout");
_Static_assert(sizeof(struct exit_record) == 16, "exit record layout");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && sizeof(void *) == 8, "64-bit little endian only");

#endif
