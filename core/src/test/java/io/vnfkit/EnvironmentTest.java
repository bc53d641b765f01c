package io.vnfkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {

    private static final Map<String, String> OF_JVM = Map.of("SECRET", "token", "HOME", "/root", "JAVA_TOOL_OPTIONS",
            "-Dx", "PATH", "/jvm");

    @Test
    void nothingOfTheJvmGetsThroughUnlessItIsNamed() {
        assertThat(Environment.DEFAULT.resolve(OF_JVM)).containsOnlyKeys("PATH").doesNotContainValue("/jvm");
        assertThat(Environment.DEFAULT.inherit("HOME").inherit("ABSENT").resolve(OF_JVM))
                .containsOnlyKeys("HOME", "PATH")
                .containsEntry("HOME", "/root");
    }

    @Test
    void aValueThatIsSetWinsOverOneThatIsInherited() {
        assertThat(Environment.DEFAULT.inherit("HOME").set("HOME", "/vnf").resolve(OF_JVM))
                .containsEntry("HOME", "/vnf");
    }

    @Test
    void eachChangeIsANewValue() {
        Environment changed = Environment.DEFAULT.set("A", "1");

        assertThat(Environment.DEFAULT.values()).doesNotContainKey("A");
        assertThat(changed.set("B", "").values()).containsEntry("A", "1").containsEntry("B", "");
        assertThat(changed).isEqualTo(Environment.DEFAULT.set("A", "1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A=B", "=", "A\0"})
    void namesThatAnEnvironmentCannotHoldAreRefused(String name) {
        assertThatThrownBy(() -> Environment.DEFAULT.set(name, "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Environment.DEFAULT.inherit(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void valuesAreNotCutShort() {
        assertThatThrownBy(() -> Environment.DEFAULT.set("A", "x\0y")).hasMessageContaining("value of A holds a NUL");
    }
}
