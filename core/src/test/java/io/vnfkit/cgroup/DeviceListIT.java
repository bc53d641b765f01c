package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.testing.RequiresCgroup;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.DevicePolicy;
import io.vnfkit.unit.DeviceRule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("root")
@RequiresRoot
@RequiresCgroup(version = 1, controller = "devices")
class DeviceListIT {

    private static final DeviceRule KMSG = DeviceRule.parse("c 1:11 r");

    private RealGroups groups;
    private Cgroup group;

    @BeforeEach
    void open() {
        groups = RealGroups.onThisHost();
        group = groups.create("list", RealGroups.description().build());
    }

    @AfterEach
    void close() {
        groups.close();
    }

    private boolean canRead(String device) {
        return groups.run("sh", "-c", "exec 3<" + device).exitCode() == 0;
    }

    private String list() {
        return groups.host().files().read(groups.layout().hierarchy("devices").orElseThrow().mountPoint()
                .resolve(RealGroups.PARENT).resolve("list/devices.list").toString());
    }

    @Test
    void listHoldsExactlyThePolicy() {
        assertThat(DeviceLists.parse(list())).isEqualTo(DevicePolicy.standard());
    }

    @Test
    void ruleIsAddedAndTakenAwayWithoutTouchingTheOthers() throws Exception {
        Process reader = groups.startAndAwait("ready", "sh", "-c",
                "echo ready; while exec 3</dev/zero; do :; done; exit 3");

        for (int i = 0; i < 50; i++) {
            group.update(RealGroups.description().allowDevice(KMSG).build());
            assertThat(list()).contains("c 1:11 r");
            group.update(RealGroups.description().build());
            assertThat(list()).doesNotContain("c 1:11 r");
        }

        assertThat(reader.isAlive()).isTrue();
        assertThat(canRead("/dev/kmsg")).isFalse();
        assertThat(canRead("/dev/zero")).isTrue();
    }

    @Test
    void changeOfTheDefaultIsNotSeenByRunningProcesses() {
        Process reader = groups.startAndAwait("ready", "sh", "-c",
                "echo ready; while exec 3</dev/zero; do :; done; exit 3");

        for (int i = 0; i < 20; i++) {
            group.update(RealGroups.description().allowAllDevices().denyDevice(KMSG).build());
            group.update(RealGroups.description().build());
        }

        assertThat(reader.isAlive()).isTrue();
        assertThat(group.statistics().frozen()).isFalse();
        assertThat(DeviceLists.parse(list())).isEqualTo(DevicePolicy.standard());
    }

    @Test
    void groupThatIsFrozenStaysFrozenThroughAnUpdate() {
        group.freeze();

        group.update(RealGroups.description().allowAllDevices().build());

        assertThat(group.statistics().frozen()).isTrue();
        group.thaw();
        assertThat(canRead("/dev/kmsg")).isTrue();
    }

    @Test
    void denyingExceptionsAreInForce() {
        group.update(RealGroups.description().allowAllDevices().denyDevice(KMSG).build());

        assertThat(canRead("/dev/kmsg")).isFalse();
        assertThat(canRead("/dev/zero")).isTrue();
    }

    @Test
    void kernelDecidesAsThePolicySays() {
        // The mixed case that tells full from partial matches: reading is denied, so reading and writing at once is,
        // too.
        DevicePolicy policy = DevicePolicy.allowAll().deny(DeviceRule.parse("c 1:5 r"));
        group.update(RealGroups.description().devices(policy).build());

        assertThat(groups.run("sh", "-c", "exec 3>/dev/zero").exitCode()).isZero();
        assertThat(groups.run("sh", "-c", "exec 3<>/dev/zero").exitCode()).isNotZero();
        assertThat(canRead("/dev/zero")).isFalse();
    }
}
