package io.vnfkit.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.examples.NothingLeft;
import io.vnfkit.testing.RequiresCommand;
import io.vnfkit.testing.RequiresFreeHugepages;
import io.vnfkit.testing.RequiresRoot;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The whole quickstart: packets through an unmodified dpdk-testpmd between two network namespaces, through the forwarding
 * core in its place, with routes changed under load, and all the rest.
 */
@Tag("root")
@RequiresRoot
@RequiresCommand(value = "dpdk-testpmd", debianPackage = "dpdk-dev")
@RequiresCommand(value = "ip", debianPackage = "iproute2")
@RequiresCommand("ethtool")
@RequiresCommand(value = "ping", debianPackage = "iputils-ping")
@RequiresCommand(value = "lspci", debianPackage = "pciutils")
@RequiresCommand("numactl")
@RequiresFreeHugepages(count = 72)
@ExtendWith(NothingLeft.class)
@Timeout(180)
class QuickstartIT {

    @Test
    void everythingWorks() throws Exception {
        assertThat(new Quickstart().run()).isZero();
    }
}
