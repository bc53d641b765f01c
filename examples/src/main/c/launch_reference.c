// SPDX-License-Identifier: Apache-2.0
/*
 * The same launch as vnfkit's, written out in C: the yardstick of the launch benchmark. It shares no code with the
 * library.
 *
 *     launch_reference [--once] ROOT HOSTNAME
 *         [-d DIRECTORY | -w FILE VALUE | -u DIRECTORY | -j DIRECTORY]... -- COMMAND [ARGUMENT]...
 *
 * -d makes a control group, -w writes to one of its files, -u is the version 2 group that the process is born into,
 * -j a version 1 group that it joins. They are taken in the order given.
 *
 * For each line on standard input it launches COMMAND, which writes 8 octets of CLOCK_MONOTONIC to its standard
 * output, and prints the nanoseconds from the first system call of the launch until COMMAND's first instruction,
 * until its octets were read, and those that taking it down took. The program is started once, so that its own start
 * is not measured.
 *
 * With --once it launches COMMAND at once with its own standard output, takes it down and ends, as crun run does.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MASKS "/dev/.masks"
#define MAXIMUM_GROUPS 8

#define HARDENED (MS_NOSUID | MS_NODEV | MS_NOEXEC)

struct group_file {
    const char *directory;
    int descriptor;
};

struct launch {
    const char *root;
    const char *hostname;
    char **host_steps;
    char **command;
    const char *unified;
    struct group_file joined[MAXIMUM_GROUPS];
    int joined_count;
    int output;
};

static void check(int succeeded, const char *what, const char *detail)
{
    if (succeeded)
        return;
    fprintf(stderr, "launch_reference: %s %s: %s\n", what, detail, strerror(errno));
    exit(1);
}

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void write_file(const char *path, const char *value)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);

    check(file >= 0, "open", path);
    check(write(file, value, strlen(value)) == (ssize_t)strlen(value), "write", path);
    close(file);
}

/* The VNF's process, in the order of vnfkit's plan. */

static void join_groups(const struct launch *launch)
{
    for (int i = 0; i < launch->joined_count; i++) {
        check(write(launch->joined[i].descriptor, "0", 1) == 1, "join", launch->joined[i].directory);
        close(launch->joined[i].descriptor);
    }
}

static void loopback_up(void)
{
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    int socket_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    check(socket_fd >= 0 && ioctl(socket_fd, SIOCSIFFLAGS, &request) == 0, "set up", "lo");
    close(socket_fd);
}

static void isolate(const struct launch *launch)
{
    cpu_set_t *all = CPU_ALLOC(8192);

    memset(all, 0xff, CPU_ALLOC_SIZE(8192));
    prctl(PR_SET_DUMPABLE, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setsid();
    syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
    join_groups(launch);
    check(sched_setaffinity(0, CPU_ALLOC_SIZE(8192), all) == 0, "reset", "affinity");
    CPU_FREE(all);
    check(unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP) == 0, "unshare", "");
    loopback_up();
}

static int enter_root(const char *root, int tree)
{
    int old_root;

    check(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) == 0, "make slave", "/");
    umask(0);
    check(move_mount(tree, "", AT_FDCWD, root, MOVE_MOUNT_F_EMPTY_PATH) == 0, "attach", root);
    close(tree);
    old_root = open("/", O_PATH | O_CLOEXEC);
    check(old_root >= 0 && chdir(root) == 0, "enter", root);
    check(syscall(SYS_pivot_root, ".", ".") == 0, "pivot_root", root);
    check(chdir("/") == 0, "chdir", "/");
    return old_root;
}

static void mount_all(void)
{
    static const struct {
        const char *type, *target;
        unsigned long flags;
        const char *options;
    } mounts[] = {
        {"proc", "/proc", HARDENED, ""},
        {"sysfs", "/sys", HARDENED | MS_RDONLY, ""},
        {"tmpfs", "/dev", MS_NOSUID | MS_NOEXEC, "mode=0755"},
        {"devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5"},
        {"tmpfs", "/dev/shm", HARDENED, "mode=1777,size=67108864"},
        {"mqueue", "/dev/mqueue", HARDENED, ""},
        {"tmpfs", "/run", MS_NOSUID | MS_NODEV, "mode=0755,size=67108864"},
        {"tmpfs", "/tmp", MS_NOSUID | MS_NODEV, "mode=1777,size=268435456"},
        {"tmpfs", MASKS, HARDENED, "mode=0755"},
    };

    for (size_t i = 0; i < sizeof(mounts) / sizeof(*mounts); i++) {
        /* Those below /dev come after it, on a tmpfs that is empty. */
        if (strncmp(mounts[i].target, "/dev/", 5) == 0)
            check(mkdir(mounts[i].target, 0755) == 0, "mkdir", mounts[i].target);
        check(mount(mounts[i].type, mounts[i].target, mounts[i].type, mounts[i].flags, mounts[i].options) == 0, "mount",
              mounts[i].target);
    }
}

static void make_devices(void)
{
    static const struct {
        const char *path;
        unsigned int major, minor;
    } devices[] = {{"/dev/full", 1, 7}, {"/dev/null", 1, 3},    {"/dev/random", 1, 8},
                   {"/dev/tty", 5, 0},  {"/dev/urandom", 1, 9}, {"/dev/zero", 1, 5}};
    static const char *const links[][2] = {{"pts/ptmx", "/dev/ptmx"},
                                           {"/proc/self/fd", "/dev/fd"},
                                           {"/proc/self/fd/0", "/dev/stdin"},
                                           {"/proc/self/fd/1", "/dev/stdout"},
                                           {"/proc/self/fd/2", "/dev/stderr"}};

    for (size_t i = 0; i < sizeof(devices) / sizeof(*devices); i++)
        check(mknod(devices[i].path, S_IFCHR | 0666, makedev(devices[i].major, devices[i].minor)) == 0, "mknod",
              devices[i].path);
    for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
        check(symlink(links[i][0], links[i][1]) == 0, "symlink", links[i][1]);
}

static void mask(void)
{
    static const char *const hidden[][2] = {{"/proc/acpi", MASKS "/directory"},
                                            {"/proc/keys", MASKS "/file"},
                                            {"/proc/timer_list", MASKS "/file"},
                                            {"/sys/firmware", MASKS "/directory"}};
    static const char *const read_only[] = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys"};
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
                                                MOUNT_ATTR_NOEXEC};

    check(mkdir(MASKS "/directory", 0755) == 0, "mkdir", MASKS);
    close(open(MASKS "/file", O_WRONLY | O_CREAT | O_CLOEXEC, 0444));
    check(mount(NULL, MASKS, NULL, MS_REMOUNT | MS_RDONLY | HARDENED, NULL) == 0, "make read-only", MASKS);
    for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++)
        check(mount(hidden[i][1], hidden[i][0], NULL, MS_BIND | MS_REC, NULL) == 0 || errno == ENOENT, "hide",
              hidden[i][0]);
    check(umount2(MASKS, MNT_DETACH) == 0, "detach", MASKS);
    for (size_t i = 0; i < sizeof(read_only) / sizeof(*read_only); i++) {
        check(mount(read_only[i], read_only[i], NULL, MS_BIND | MS_REC, NULL) == 0, "bind", read_only[i]);
        check(mount_setattr(AT_FDCWD, read_only[i], AT_RECURSIVE, &attributes, sizeof(attributes)) == 0,
              "make read-only", read_only[i]);
    }
}

static void drop_rights(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    uint64_t kept = 1ULL << CAP_DAC_OVERRIDE | 1ULL << CAP_NET_ADMIN | 1ULL << CAP_NET_RAW | 1ULL << CAP_IPC_LOCK |
                    1ULL << CAP_SYS_NICE;
    struct __user_cap_data_struct sets[2] = {{(uint32_t)kept, (uint32_t)kept, 0},
                                             {(uint32_t)(kept >> 32), (uint32_t)(kept >> 32), 0}};

    for (int capability = 0; capability < 64; capability++)
        if ((kept >> capability & 1) == 0)
            prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    check(setgroups(0, NULL) == 0 && setresgid(0, 0, 0) == 0 && setresuid(0, 0, 0) == 0, "become", "root");
    check(syscall(SYS_capset, &header, sets) == 0, "capset", "");
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "set", "no_new_privs");
}

static void become_vnf(const struct launch *launch, int tree)
{
    static char *const environment[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", NULL};
    int old_root;

    dup2(launch->output, STDOUT_FILENO);
    isolate(launch);
    old_root = enter_root(launch->root, tree);
    mount_all();
    make_devices();
    mask();
    check(fchdir(old_root) == 0 && umount2(".", MNT_DETACH) == 0 && chdir("/") == 0, "detach", "the host's tree");
    check(sethostname(launch->hostname, strlen(launch->hostname)) == 0, "set host name", launch->hostname);
    umask(022);
    drop_rights();
    close_range(3, ~0U, 0);
    execve(launch->command[0], launch->command, environment);
    check(0, "execute", launch->command[0]);
}

/* The host. */

static void take_host_steps(struct launch *launch)
{
    for (char **step = launch->host_steps; strcmp(step[0], "--") != 0; step += 2) {
        if (strcmp(step[0], "-d") == 0) {
            check(mkdir(step[1], 0755) == 0, "mkdir", step[1]);
        } else if (strcmp(step[0], "-w") == 0) {
            write_file(step[1], step[2]);
            step++;
        } else if (strcmp(step[0], "-u") == 0) {
            launch->unified = step[1];
        } else if (strcmp(step[0], "-j") == 0 && launch->joined_count < MAXIMUM_GROUPS) {
            launch->joined[launch->joined_count++].directory = step[1];
        }
    }
}

static void open_groups(struct launch *launch)
{
    char path[4096];

    for (int i = 0; i < launch->joined_count; i++) {
        snprintf(path, sizeof(path), "%s/tasks", launch->joined[i].directory);
        launch->joined[i].descriptor = open(path, O_WRONLY | O_CLOEXEC);
        check(launch->joined[i].descriptor >= 0, "open", path);
    }
}

static pid_t start(struct launch *launch)
{
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_NODEV, .propagation = MS_SLAVE};
    struct clone_args arguments = {.flags = CLONE_NEWPID, .exit_signal = SIGCHLD};
    int tree = open_tree(AT_FDCWD, launch->root, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
    int unified = -1;
    pid_t pid;

    check(tree >= 0, "open tree", launch->root);
    check(mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes, sizeof(attributes)) == 0, "restrict",
          launch->root);
    open_groups(launch);
    if (launch->unified != NULL) {
        unified = open(launch->unified, O_PATH | O_CLOEXEC);
        check(unified >= 0, "open", launch->unified);
        arguments.flags |= CLONE_INTO_CGROUP;
        arguments.cgroup = (uint64_t)unified;
    }
    pid = (pid_t)syscall(SYS_clone3, &arguments, sizeof(arguments));
    check(pid >= 0, "clone3", "");
    if (pid == 0)
        become_vnf(launch, tree);
    close(tree);
    close(unified);
    for (int i = 0; i < launch->joined_count; i++)
        close(launch->joined[i].descriptor);
    return pid;
}

/* Groups do not lie in one another, so any order will do. */
static void remove_groups(const struct launch *launch, int must_exist)
{
    for (char **step = launch->host_steps; strcmp(step[0], "--") != 0; step += strcmp(step[0], "-w") == 0 ? 3 : 2)
        if (strcmp(step[0], "-d") == 0)
            check(rmdir(step[1]) == 0 || (!must_exist && errno == ENOENT), "rmdir", step[1]);
}

static void take_down(const struct launch *launch, pid_t pid)
{
    check(waitpid(pid, NULL, 0) == pid, "wait for", "the VNF");
    remove_groups(launch, 1);
}

static void launch_like_a_command(struct launch launch)
{
    launch.output = STDOUT_FILENO;
    take_host_steps(&launch);
    take_down(&launch, start(&launch));
}

static void launch_and_time(struct launch launch)
{
    int ends[2];
    int64_t before, first, arrived, closing;
    pid_t pid;

    before = now();
    check(pipe2(ends, O_CLOEXEC) == 0, "pipe", "");
    launch.output = ends[1];
    take_host_steps(&launch);
    pid = start(&launch);
    close(ends[1]);
    check(read(ends[0], &first, sizeof(first)) == sizeof(first), "read", "the first instruction's time");
    arrived = now();
    close(ends[0]);
    closing = now();
    take_down(&launch, pid);
    printf("%lld %lld %lld\n", (long long)(first - before), (long long)(arrived - before),
           (long long)(now() - closing));
    fflush(stdout);
}

int main(int count, char **arguments)
{
    struct launch launch = {0};
    char line[16];
    int once = count > 1 && strcmp(arguments[1], "--once") == 0;
    int separator = 3;

    arguments += once;
    count -= once;
    while (separator < count && strcmp(arguments[separator], "--") != 0)
        separator++;
    if (separator + 1 >= count) {
        fputs("launch_reference: usage is in the source\n", stderr);
        return 2;
    }
    launch.root = arguments[1];
    launch.hostname = arguments[2];
    launch.host_steps = arguments + 3;
    launch.command = arguments + separator + 1;
    /* A run that was interrupted may have left some. */
    remove_groups(&launch, 0);
    if (once)
        launch_like_a_command(launch);
    while (!once && fgets(line, sizeof(line), stdin) != NULL)
        launch_and_time(launch);
    return 0;
}
