/*
 * Maps huge pages of 2 MiB and touches them: hugepages MAP TOUCH [noreserve] [hold]
 * Exit codes: 0 done, 12 mmap refused with ENOMEM, 1 anything else; a refused touch is SIGBUS.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE (2UL << 20)

int main(int argc, char **argv)
{
    if (argc < 3)
        return 1;
    unsigned long pages = strtoul(argv[1], NULL, 10);
    unsigned long touched = strtoul(argv[2], NULL, 10);
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | 21 << MAP_HUGE_SHIFT;
    if (argc > 3 && strcmp(argv[3], "noreserve") == 0)
        flags |= MAP_NORESERVE;
    char *memory = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (memory == MAP_FAILED)
        return errno == ENOMEM ? 12 : 1;
    for (unsigned long i = 0; i < touched; i++)
        memory[i * PAGE] = 1;
    printf("ready\n");
    fflush(stdout);
    if (strcmp(argv[argc - 1], "hold") == 0)
        pause();
    return 0;
}
