package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.testing.RequiresCgroup;
import io.vnfkit.testing.RequiresRoot;
import io.vnfkit.unit.DevicePolicy;
import io.vnfkit.unit.DeviceRule;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("root")
@RequiresRoot
@RequiresCgroup(version = 2)
class DeviceProgramIT {

    private static final DeviceRule KMSG = DeviceRule.parse("c 1:11 r");

    private RealGroups groups;
    private Cgroup group;

    @BeforeEach
    void open() {
        groups = RealGroups.onThisHost().withDeviceProgram();
        group = groups.create("program", RealGroups.description().build());
    }

    @AfterEach
    void close() {
        groups.close();
    }

    private boolean canRead(String device) {
        return groups.run("sh", "-c", "exec 3<" + device).exitCode() == 0;
    }

    @Test
    void programRefusesWhatThePolicyDenies() {
        assertThat(group.directories()).hasSize(1);
        assertThat(canRead("/dev/zero")).isTrue();
        assertThat(canRead("/dev/urandom")).isTrue();
        assertThat(canRead("/dev/kmsg")).isFalse();
        assertThat(groups.run("sh", "-c", "exec 3</dev/kmsg").output()).contains("Operation not permitted");
    }

    @Test
    void programIsReplacedWhileProcessesRun() {
        group.update(RealGroups.description().allowDevice(KMSG).build());
        assertThat(canRead("/dev/kmsg")).isTrue();
        assertThat(groups.run("sh", "-c", "exec 3>/dev/kmsg").exitCode()).isNotZero();

        group.update(RealGroups.description().build());
        assertThat(canRead("/dev/kmsg")).isFalse();
        assertThat(canRead("/dev/zero")).isTrue();
    }

    @Test
    void programIsTakenOffAndPutBack() {
        group.update(RealGroups.description().allowAllDevices().build());
        assertThat(canRead("/dev/kmsg")).isTrue();

        group.update(RealGroups.description().allowAllDevices().denyDevice(KMSG).build());
        assertThat(canRead("/dev/kmsg")).isFalse();
        assertThat(canRead("/dev/zero")).isTrue();
    }

    @Test
    void replacingNeverDeniesWhatBothProgramsAllow() throws Exception {
        Process reader = groups.startAndAwait("ready", "sh", "-c",
                "echo ready; while exec 3</dev/zero; do :; done; exit 3");
        DeviceProgramLoader loader = new DeviceProgramLoader(groups.host());
        Path directory = group.directories().get(0);

        for (int i = 0; i < 300; i++) {
            loader.attach(directory, i % 2 == 0 ? DevicePolicy.standard().allow(KMSG) : DevicePolicy.standard());
        }

        assertThat(reader.isAlive()).isTrue();
        loader.attach(directory, DevicePolicy.denyAll());
        assertThat(reader.waitFor()).isNotZero();
    }

    @Test
    void longestPoliciesPassTheVerifier() {
        DevicePolicy policy = DevicePolicy.denyAll();
        for (int minor = 0; minor < 500; minor++) {
            policy = policy.allow(DeviceRule.character(240, minor));
        }
        policy = policy.allow(KMSG);

        new DeviceProgramLoader(groups.host()).attach(group.directories().get(0), policy);

        assertThat(canRead("/dev/kmsg")).isTrue();
        assertThat(canRead("/dev/zero")).isFalse();
    }

    @Test
    void attachingToNoGroupNamesIt() {
        assertThatThrownBy(() -> new DeviceProgramLoader(groups.host())
                .attach(Path.of("/proc"), DevicePolicy.denyAll()))
                .isInstanceOf(DeviceProgramException.class)
                .hasMessageContaining("/proc");
    }
}
