package io.vnfkit.dpdk.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForwarderLoaderTest {

    @Test
    void theNewestInstalledAbiIsTakenAndNoOlderOneOpened() {
        List<String> opened = new ArrayList<>();
        DpdkAbi found = ForwarderLoader.findAbi(DpdkAbi.SUPPORTED, name -> {
            opened.add(name);
            if (!name.endsWith(".24")) {
                throw new UnsatisfiedLinkError(name);
            }
        });
        assertThat(found.major()).isEqualTo(24);
        assertThat(opened).containsExactly("librte_eal.so.26", "librte_eal.so.25", "librte_eal.so.24");
    }

    @Test
    void withoutAnyEachIsNamedWithItsReasonAndTheCure() {
        assertThatThrownBy(() -> ForwarderLoader.findAbi(DpdkAbi.SUPPORTED, name -> {
            throw new UnsatisfiedLinkError(name.endsWith(".25") ? null : name + ": cannot open\nsecond line");
        })).isInstanceOf(DpdkUnavailableException.class)
                .hasMessageContaining("librte_eal.so.26: librte_eal.so.26: cannot open\n")
                .hasMessageContaining("librte_eal.so.25: null")
                .hasMessageContaining("librte_eal.so.23")
                .hasMessageContaining("apt-get install dpdk-dev")
                .hasMessageNotContaining("second line");
    }
}
