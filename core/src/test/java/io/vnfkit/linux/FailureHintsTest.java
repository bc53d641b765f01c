package io.vnfkit.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailureHintsTest {

    @Test
    void missingRightsNameTheCapability() {
        assertThat(FailureHints.of("mount", Errno.EPERM.number())).contains("CAP_SYS_ADMIN");
        assertThat(FailureHints.of("bpf", Errno.EPERM.number())).contains("CAP_BPF");
        assertThat(FailureHints.of("chown", Errno.EPERM.number())).contains("CAP_CHOWN");
    }

    @Test
    void missingCallsNameTheKernel() {
        assertThat(FailureHints.of("pidfd_open", Errno.ENOSYS.number())).contains("Linux 5.3");
    }

    @Test
    void exhaustionOfDescriptorsIsTheSameForEveryCall() {
        assertThat(FailureHints.of("open", Errno.EMFILE.number())).contains("ulimit -n");
        assertThat(FailureHints.of("mount", Errno.EMFILE.number())).contains("ulimit -n");
    }

    @Test
    void whereNothingIsKnownNothingIsGuessed() {
        assertThat(FailureHints.of("write", Errno.EINVAL.number())).isEmpty();
        assertThat(FailureHints.of("mount", 9999)).isEmpty();
        assertThat(FailureHints.of("mount", 0)).isEmpty();
    }

    @Test
    void theHintIsPartOfTheMessageAndOfTheData() {
        SystemCallException failure = HostSyscalls.failed("mount", "\"a\", \"b\"", Errno.EPERM.number());

        assertThat(failure.call()).isEqualTo("mount");
        assertThat(failure.hint()).contains("CAP_SYS_ADMIN");
        assertThat(failure)
                .hasMessageStartingWith("mount(\"a\", \"b\") failed: EPERM (1, Operation not permitted): ")
                .hasMessageEndingWith(failure.hint());
    }
}
