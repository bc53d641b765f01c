package io.vnfkit.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformCheckTest {

    @ParameterizedTest
    @CsvSource({"Linux, amd64", "Linux, x86_64", "Linux, aarch64"})
    void linuxOnTheTwoArchitecturesIsAccepted(String system, String architecture) {
        assertThat(PlatformCheck.refusal(system, architecture)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, i386", "Linux, arm", "Linux, riscv64", "Linux, s390x", "Mac OS X, aarch64", "Windows 11, amd64",
        "'', ''"
    })
    void everythingElseIsRefusedByName(String system, String architecture) {
        assertThat(PlatformCheck.refusal(system, architecture)).hasValueSatisfying(
                reason -> assertThat(reason).contains("x86-64 or aarch64", system + " on " + architecture));
    }

    @ParameterizedTest
    @CsvSource({"4, 4, 4", "8, 4, 8", "8, 8, 4"})
    void otherSizesOfTheCTypesAreRefused(int pointer, int longSize, int size) {
        assertThat(PlatformCheck.refusal(pointer, longSize, size)).isPresent();
        assertThat(PlatformCheck.refusal(8, 8, 8)).isEmpty();
    }

    @Test
    void deniedNativeAccessNamesTheFlag() {
        Error error = new ExceptionInInitializerError(
                new IllegalCallerException("Illegal native access from module com.sun.jna"));

        assertThat(PlatformCheck.diagnose(error))
                .hasMessageContaining("--enable-native-access=ALL-UNNAMED")
                .hasCause(error);
    }

    @Test
    void aDirectoryMountedNoexecIsDiagnosed() {
        Error error = new UnsatisfiedLinkError("/tmp/jna-1/jna2.tmp: /tmp/jna-1/jna2.tmp:"
                + " failed to map segment from shared object");

        assertThat(PlatformCheck.diagnose(error))
                .hasMessageContainingAll("noexec", "-Djna.tmpdir", "/tmp/jna-1/jna2.tmp");
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsDiagnosed() {
        Error error = new UnsatisfiedLinkError("JNA temporary directory '/x' is not writable");

        assertThat(PlatformCheck.diagnose(error)).hasMessageContainingAll("writable", "-Djna.tmpdir", "/x");
    }

    @Test
    void otherErrorsAreShownAsTheyAre() {
        assertThat(PlatformCheck.diagnose(new NoClassDefFoundError("com/sun/jna/Native")))
                .hasMessageContaining("com/sun/jna/Native");
    }

    @Test
    void aRefusalBelowAnotherErrorIsKept() {
        UnsupportedPlatformException refusal = new UnsupportedPlatformException("no", null);

        assertThat(PlatformCheck.diagnose(new ExceptionInInitializerError(refusal))).isSameAs(refusal);
    }
}
