package io.vnfkit.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FlagNamesTest {

    @Test
    void flagsOfOpenBeginWithTheAccessMode() {
        assertThat(FlagNames.ofOpen(0)).isEqualTo("O_RDONLY");
        assertThat(FlagNames.ofOpen(LinuxConstants.O_RDWR | LinuxConstants.O_CREAT | LinuxConstants.O_EXCL))
                .isEqualTo("O_RDWR|O_CREAT|O_EXCL");
    }

    @Test
    void flagsOfMountAreNamedAndUnknownBitsShown() {
        assertThat(FlagNames.ofMount(0)).isEqualTo("0");
        assertThat(FlagNames.ofMount(LinuxConstants.MS_BIND | LinuxConstants.MS_REC)).isEqualTo("MS_BIND|MS_REC");
        assertThat(FlagNames.ofMount(LinuxConstants.MS_NODEV | 1L << 40)).isEqualTo("MS_NODEV|0x10000000000");
    }

    @Test
    void flagsOfUmountAreNamed() {
        assertThat(FlagNames.ofUmount(LinuxConstants.MNT_DETACH)).isEqualTo("MNT_DETACH");
        assertThat(FlagNames.ofUmount(8)).isEqualTo("0x8");
    }
}
