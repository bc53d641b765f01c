package io.vnfkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.jna.Pointer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallMemoryTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "/dev/hugepages", "Größe", "日本", "a\u20acb"})
    void aTextBecomesACStringInUtf8(String text) {
        try (CallMemory memory = CallMemory.begin()) {
            assertThat(new Pointer(memory.text(text)).getString(0, "UTF-8")).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16_382, 16_383, 16_384, 16_385, 200_000})
    void textsAroundAndAboveTheSizeOfTheBufferAreWhole(int length) {
        String ascii = "x".repeat(length);
        String other = "é".repeat(length / 2);
        try (CallMemory memory = CallMemory.begin()) {
            long first = memory.text(ascii);
            long second = memory.text(other);
            long third = memory.text(ascii);

            assertThat(new Pointer(first).getString(0, "UTF-8")).isEqualTo(ascii);
            assertThat(new Pointer(second).getString(0, "UTF-8")).isEqualTo(other);
            assertThat(new Pointer(third).getString(0, "UTF-8")).isEqualTo(ascii);
        }
    }

    @Test
    void partsOfOneCallDoNotOverlap() {
        try (CallMemory memory = CallMemory.begin()) {
            List<String> texts = IntStream.range(0, 3000).mapToObj(i -> "text-" + i).toList();
            long array = memory.texts(texts);
            long zeroed = memory.zeroed(500);

            Pointer pointers = new Pointer(array);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(pointers.getPointer(8L * i).getString(0, "UTF-8")).isEqualTo(texts.get(i));
            }
            assertThat(pointers.getLong(8L * texts.size())).isZero();
            assertThat(new Pointer(zeroed).getByteArray(0, 500)).containsOnly(0);
        }
    }

    @Test
    void partsAreAligned() {
        try (CallMemory memory = CallMemory.begin()) {
            memory.text("abc");
            assertThat(memory.zeroed(3) % 8).isZero();
            assertThat(CallMemory.addressOf(memory.take(8)) % 8).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "/etc/passwd\0.txt", "é\0"})
    void aNulIsRefusedRatherThanEndingTheText(String text) {
        try (CallMemory memory = CallMemory.begin()) {
            assertThatIllegalArgumentException().isThrownBy(() -> memory.text(text)).withMessageContaining("NUL");
        }
    }

    @Test
    void halfOfASurrogatePairIsRefusedRatherThanReplaced() {
        try (CallMemory memory = CallMemory.begin()) {
            assertThatIllegalArgumentException().isThrownBy(() -> memory.text("a\ud800b"));
        }
    }

    @Test
    void theNextCallUsesTheSameMemory() {
        long first;
        try (CallMemory memory = CallMemory.begin()) {
            first = memory.zeroed(8);
        }
        try (CallMemory memory = CallMemory.begin()) {
            assertThat(memory.zeroed(8)).isEqualTo(first);
        }
    }
}
