package io.vnfkit.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.dpdk.binding.RecordingForwarder;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.testing.Await;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With a real pipe, and somebody else than DPDK who writes into it. */
@Timeout(30)
class EalLogTest {

    private static final Syscalls KERNEL = Syscalls.host();

    private static void write(int descriptor, byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        while (buffer.hasRemaining()) {
            KERNEL.write(descriptor, buffer);
        }
    }

    private static void write(int descriptor, String text) {
        write(descriptor, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void linesAreKeptWithoutTheirEndsAndEmptyOnesNot() {
        try (EalLog log = new EalLog(KERNEL)) {
            write(log.descriptor(), "EAL: one\n\n  \nEAL: t");
            write(log.descriptor(), "wo\n");
            Await.until("lines of the log", () -> log.count() == 2);
            assertThat(log.lines()).containsExactly("EAL: one", "EAL: two");
        }
    }

    @Test
    void aCharacterMayBeCutInTwo() {
        try (EalLog log = new EalLog(KERNEL)) {
            byte[] bytes = "caf\u00e9\n".getBytes(StandardCharsets.UTF_8);
            write(log.descriptor(), new byte[] {bytes[0], bytes[1], bytes[2], bytes[3]});
            write(log.descriptor(), new byte[] {bytes[4], bytes[5]});
            Await.until("lines of the log", () -> log.count() == 1);
            assertThat(log.lines()).containsExactly("caf\u00e9");
        }
    }

    @Test
    void aPriorityInFrontIsTheLevelAndNoPartOfTheLine() {
        List<String> passed = new CopyOnWriteArrayList<>();
        try (EalLog log = new EalLog(KERNEL, (level, line) -> passed.add(level + " " + line))) {
            write(log.descriptor(), "none\n<0>EAL: a\n<1>b\n<2>c\n<3>d\n<4>e\n<5>f\n<6>g\n<7>h\n");
            write(log.descriptor(), "<3>first\nsecond\n<8>no priority\n<6>\n<6> <4>text\n<6");
            log.close();
            Await.until("lines of the log", () -> log.count() == 14);
            assertThat(passed).containsExactly("INFO none", "ERROR EAL: a", "ERROR b", "ERROR c", "ERROR d", "WARN e",
                    "INFO f", "INFO g", "DEBUG h", "ERROR first", "ERROR second", "ERROR <8>no priority",
                    "INFO <4>text", "INFO <6");
            assertThat(log.lines()).startsWith("none", "EAL: a").endsWith("<4>text", "<6");
        }
    }

    @Test
    void onlyTheLastFortyAreKept() {
        try (EalLog log = new EalLog(KERNEL)) {
            for (int i = 0; i < 100; i++) {
                write(log.descriptor(), "line " + i + "\n");
            }
            Await.until("lines of the log", () -> log.count() == 100);
            assertThat(log.lines()).hasSize(40).startsWith("line 60").endsWith("line 99");
        }
    }

    @Test
    void whatNeverEndsALineIsCut() {
        try (EalLog log = new EalLog(KERNEL)) {
            write(log.descriptor(), "x".repeat(10_000));
            Await.until("lines of the log", () -> log.count() == 2);
            assertThat(log.lines()).allSatisfy(line -> assertThat(line).hasSize(4096));
        }
    }

    @Test
    void theLastWordsCountWithoutTheirEnd() {
        EalLog log = new EalLog(KERNEL);
        write(log.descriptor(), "PANIC in rte_eal_init()");
        log.close();
        log.close();
        Await.until("lines of the log", () -> log.count() == 1);
        assertThat(log.lines()).containsExactly("PANIC in rte_eal_init()");
    }

    @Test
    void aFailureOfTheEalCarriesAllThatItPrinted() {
        RecordingForwarder record = new RecordingForwarder();
        List<String> printed = new ArrayList<>();
        record.answer("startEal", arguments -> {
            for (int i = 0; i < 5; i++) {
                printed.add("EAL: line " + i);
                write((int) arguments[1], printed.get(i) + "\n");
            }
            throw new DpdkException("rte_eal_init", 22, "try again");
        });
        assertThatThrownBy(() -> Eal.start(record.forwarder(), KERNEL, List.of("--bad")))
                .isInstanceOfSatisfying(DpdkException.class, failure -> {
                    assertThat(failure.hint()).startsWith("try again; it printed:").contains(printed);
                    assertThat(failure.operation()).isEqualTo("rte_eal_init");
                    assertThat(failure.number()).isEqualTo(22);
                });
        assertThat(record.calls()).containsExactly("startEal([vnfkit, --bad]," + descriptorOf(record) + ")");
    }

    private static String descriptorOf(RecordingForwarder record) {
        return record.calls().get(0).replaceAll(".*,(\\d+)\\)", "$1");
    }

    @Test
    void anEalIsStoppedOnce() {
        RecordingForwarder record = new RecordingForwarder();
        Eal eal = Eal.start(record.forwarder(), KERNEL, List.of());
        assertThat(eal.lcores()).containsExactly(0, 1, 2);
        assertThat(eal.nodeOf(2)).isOne();
        assertThatThrownBy(() -> eal.nodeOf(3)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[0, 1, 2]");
        eal.close();
        eal.close();
        assertThat(record.calls("stopEal")).hasSize(1);
    }
}
