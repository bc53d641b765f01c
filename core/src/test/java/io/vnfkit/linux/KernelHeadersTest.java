package io.vnfkit.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.testing.RequiresCommand;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The numbers of this package against those of the C headers on this machine: the compiler decides, not a memory. */
@RequiresCommand(value = "cc", debianPackage = "gcc libc6-dev linux-libc-dev")
@Timeout(120)
class KernelHeadersTest {

    private static final String HEADERS = Stream.of(
                    "errno.h", "string.h", "stdio.h", "fcntl.h", "spawn.h", "signal.h", "poll.h", "stddef.h",
                    "sys/mount.h",
                    "sys/vfs.h", "sys/wait.h", "sys/resource.h", "sys/mman.h", "sys/eventfd.h", "sys/syscall.h",
                    "sys/file.h",
                    "linux/magic.h", "linux/bpf.h", "linux/mempolicy.h", "sys/socket.h", "sys/un.h", "sys/stat.h")
            .map(header -> "#include <" + header + ">\n")
            .reduce("#define _GNU_SOURCE\n", String::concat);

    @TempDir
    private Path directory;

    @Test
    void everyErrnoHasItsNumberAndTextFromTheCLibrary() throws Exception {
        StringBuilder body = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (Errno errno : Errno.values()) {
            if (errno != Errno.UNKNOWN) {
                body.append("printf(\"%s %d %s\\n\", \"").append(errno).append("\", ").append(errno)
                        .append(", strerror(")
                        .append(errno).append("));\n");
                expected.add(errno + " " + errno.number() + " " + errno.text());
            }
        }

        assertThat(run(body.toString())).containsExactlyElementsOf(expected);
    }

    @Test
    void everyPublicConstantIsThatOfTheHeaders() throws Exception {
        Map<String, Long> constants = new TreeMap<>();
        for (Field field : LinuxConstants.class.getFields()) {
            constants.put(field.getName(), ((Number) field.get(null)).longValue());
        }

        assertThat(constants).hasSizeGreaterThan(30);
        assertThat(valuesInC(constants.keySet())).isEqualTo(constants);
    }

    @Test
    void theConstantsOfTheBindingAreThoseOfTheHeaders() throws Exception {
        Map<String, Long> constants = new TreeMap<>();
        for (Class<?> type : List.of(
                HostSyscalls.class, HostProcesses.class, HostSharedMemory.class, HostUnixSockets.class, PollEntries.class,
                SharedMemoryCalls.class)) {
            for (Field field : type.getDeclaredFields()) {
                // The layouts have descriptive names and a test of their own.
                if (isConstantOfC(field)) {
                    field.setAccessible(true);
                    constants.put(field.getName(), ((Number) field.get(null)).longValue());
                }
            }
        }

        assertThat(constants)
                .containsKeys("F_ADD_SEALS", "MFD_EXEC", "WNOHANG", "POSIX_SPAWN_SETSID", "SYS_PIDFD_OPEN");
        assertThat(valuesInC(constants.keySet())).isEqualTo(constants);
    }

    private static boolean isConstantOfC(Field field) {
        String name = field.getName();
        return field.getType().isPrimitive() && name.equals(name.toUpperCase(Locale.ROOT)) && !name.endsWith("_SIZE")
                && !name.startsWith("SI_") && !name.endsWith("_AT") && !name.startsWith("LIMIT_");
    }

    @Test
    void theLayoutsOfTheBindingAreThoseOfTheHeaders() throws Exception {
        Map<String, String> layouts = new TreeMap<>(Map.of(
                "SIGNAL_SET_SIZE", "sizeof(sigset_t)",
                "FILE_ACTIONS_SIZE", "sizeof(posix_spawn_file_actions_t)",
                "ATTRIBUTES_SIZE", "sizeof(posix_spawnattr_t)",
                "SIGINFO_SIZE", "sizeof(siginfo_t)",
                "SI_CODE", "offsetof(siginfo_t, si_code)",
                "SI_PID", "offsetof(siginfo_t, si_pid)",
                "SI_STATUS", "offsetof(siginfo_t, si_status)"));
        Map<String, Long> declared = new TreeMap<>();
        StringBuilder body = new StringBuilder();
        for (Map.Entry<String, String> layout : layouts.entrySet()) {
            Field field = HostProcesses.class.getDeclaredField(layout.getKey());
            field.setAccessible(true);
            declared.put(layout.getKey(), ((Number) field.get(null)).longValue());
            body.append("printf(\"%s %ld\\n\", \"").append(layout.getKey()).append("\", (long) ")
                    .append(layout.getValue())
                    .append(");\n");
        }
        body.append("printf(\"statfs %zu %zu %zu %zu %zu %zu\\n\", sizeof(struct statfs),")
                .append("offsetof(struct statfs, f_bsize),")
                .append("offsetof(struct statfs, f_blocks), offsetof(struct statfs, f_bfree),")
                .append("offsetof(struct statfs, f_bavail), sizeof(long));\n");

        List<String> lines = new ArrayList<>(run(body.toString()));

        assertThat(lines.remove(lines.size() - 1)).isEqualTo("statfs 120 8 16 24 32 8");
        assertThat(parse(lines)).isEqualTo(declared);
    }

    @Test
    void theLayoutsOfSharedMemoryAndSocketsAreThoseOfTheHeaders() throws Exception {
        List<String> lines = run("printf(\"statx %zu %zu %zu %zu %zu %zu %zu\\n\", sizeof(struct statx),"
                + "offsetof(struct statx, stx_blksize), offsetof(struct statx, stx_mode),"
                + "offsetof(struct statx, stx_ino), offsetof(struct statx, stx_size),"
                + "offsetof(struct statx, stx_dev_major), offsetof(struct statx, stx_dev_minor));\n"
                + "printf(\"flock %zu %zu %zu %zu %zu\\n\", sizeof(struct flock), offsetof(struct flock, l_whence),"
                + "offsetof(struct flock, l_start), offsetof(struct flock, l_len), offsetof(struct flock, l_pid));\n"
                + "printf(\"msghdr %zu %zu %zu %zu %zu %zu\\n\", sizeof(struct msghdr),"
                + "offsetof(struct msghdr, msg_iov), offsetof(struct msghdr, msg_iovlen),"
                + "offsetof(struct msghdr, msg_control), offsetof(struct msghdr, msg_controllen),"
                + "offsetof(struct msghdr, msg_flags));\n"
                + "printf(\"cmsghdr %zu %zu %zu %zu\\n\", CMSG_LEN(0), offsetof(struct cmsghdr, cmsg_level),"
                + "offsetof(struct cmsghdr, cmsg_type), CMSG_SPACE(12));\n"
                + "printf(\"pollfd %zu %zu %zu %zu\\n\", sizeof(struct pollfd), offsetof(struct pollfd, fd),"
                + "offsetof(struct pollfd, events), offsetof(struct pollfd, revents));\n"
                + "printf(\"sockaddr_un %zu %zu\\n\", sizeof(struct sockaddr_un), offsetof(struct sockaddr_un, sun_path));\n");

        assertThat(lines).containsExactly("statx 256 4 28 32 40 136 140", "flock 32 2 8 16 24",
                "msghdr 56 16 24 32 40 48", "cmsghdr 16 8 12 32", "pollfd 8 0 4 6", "sockaddr_un 110 2");
    }

    private Map<String, Long> valuesInC(Iterable<String> names) throws IOException, InterruptedException {
        StringBuilder body = new StringBuilder();
        for (String name : names) {
            // Fallbacks: Debian 12 has headers of Linux 6.1, where MFD_EXEC (6.3) is missing.
            body.append("printf(\"%s %lld\\n\", \"").append(name).append("\", (long long) ").append(inC(name))
                    .append(");\n");
        }
        return parse(run(body.toString()));
    }

    private static String inC(String name) {
        return switch (name) {
            case "SYS_PIDFD_OPEN" -> "SYS_pidfd_open";
            case "SYS_PIDFD_SEND_SIGNAL" -> "SYS_pidfd_send_signal";
            default -> name;
        };
    }

    private static Map<String, Long> parse(List<String> lines) {
        Map<String, Long> values = new TreeMap<>();
        for (String line : lines) {
            values.put(line.substring(0, line.indexOf(' ')), Long.parseLong(line.substring(line.indexOf(' ') + 1)));
        }
        return values;
    }

    private List<String> run(String body) throws IOException, InterruptedException {
        Path source = directory.resolve("constants.c");
        Path program = directory.resolve("constants");
        Files.writeString(source, HEADERS + "#ifndef MFD_EXEC\n#define MFD_EXEC 0x10U\n#endif\n"
                + "int main(void) {\n" + body + "return 0;\n}\n");
        execute("cc", "-o", program.toString(), source.toString());
        return execute(program.toString()).lines().toList();
    }

    private static String execute(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
