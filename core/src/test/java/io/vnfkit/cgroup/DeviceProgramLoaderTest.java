package io.vnfkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vnfkit.linux.Errno;
import io.vnfkit.linux.Host;
import io.vnfkit.linux.LinuxConstants;
import io.vnfkit.linux.Syscalls;
import io.vnfkit.unit.DevicePolicy;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceProgramLoaderTest {

    private static final Path GROUP = Path.of("/sys/fs/cgroup/vnfkit/a");

    @TempDir
    Path root;

    private FakeGroups host;
    private DeviceProgramLoader loader;

    @BeforeEach
    void build() {
        host = FakeGroups.below(root).directory(GROUP.toString());
        loader = loaderWherePresentAre(0);
    }

    /** A kernel that says how many programs are attached; the recorder behind it says nothing. */
    private DeviceProgramLoader loaderWherePresentAre(int programs) {
        Class<?>[] seam = {Syscalls.class};
        Syscalls kernel = (Syscalls) Proxy.newProxyInstance(getClass().getClassLoader(), seam,
                (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(host.kernel(), arguments);
                        if (method.getName().equals("bpf") && arguments[0].equals(LinuxConstants.BPF_PROG_QUERY)) {
                            ((ByteBuffer) arguments[1]).putInt(24, programs);
                        }
                        return result;
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
        return new DeviceProgramLoader(Host.of(host.host().files(), kernel));
    }

    private List<Integer> commands() {
        return host.kernel().calls("bpf").stream().map(call -> Integer.valueOf(call.substring(4, call.indexOf(','))))
                .toList();
    }

    private ByteBuffer attributes(int call) {
        return ByteBuffer.wrap(host.kernel().bpfAttributes().get(call)).order(ByteOrder.nativeOrder());
    }

    @Test
    void programIsLoadedThenAttachedBesideThoseOfParents() {
        loader.attach(GROUP, DevicePolicy.standard());

        assertThat(commands()).containsExactly(
                LinuxConstants.BPF_PROG_LOAD, LinuxConstants.BPF_PROG_QUERY, LinuxConstants.BPF_PROG_ATTACH);
        ByteBuffer load = attributes(0);
        assertThat(load.getInt(0)).as("BPF_PROG_TYPE_CGROUP_DEVICE").isEqualTo(15);
        assertThat(load.getInt(4)).as("number of instructions")
                .isEqualTo(DeviceProgram.of(DevicePolicy.standard()).size());
        assertThat(load.getLong(8)).isNotZero();
        assertThat(load.getLong(16)).isNotZero();
        assertThat(new String(load.array(), 48, 16, StandardCharsets.US_ASCII)).isEqualTo("vnfkit_devices\0\0");
        ByteBuffer attach = attributes(2);
        assertThat(attach.getInt(8)).as("BPF_CGROUP_DEVICE").isEqualTo(6);
        assertThat(attach.getInt(12)).as("BPF_F_ALLOW_MULTI").isEqualTo(2);
    }

    @Test
    void programThatIsThereIsReplacedInOneStep() {
        loaderWherePresentAre(1).attach(GROUP, DevicePolicy.denyAll());

        assertThat(commands()).containsExactly(LinuxConstants.BPF_PROG_LOAD, LinuxConstants.BPF_PROG_QUERY,
                LinuxConstants.BPF_PROG_GET_FD_BY_ID, LinuxConstants.BPF_PROG_ATTACH);
        assertThat(attributes(3).getInt(12)).as("BPF_F_ALLOW_MULTI | BPF_F_REPLACE").isEqualTo(6);
        assertThat(attributes(3).getInt(16)).as("the program that goes").isNotZero();
    }

    @Test
    void programsOfOthersAreNotTouched() {
        assertThatThrownBy(() -> loaderWherePresentAre(2).attach(GROUP, DevicePolicy.denyAll()))
                .isInstanceOf(DeviceProgramException.class)
                .hasMessageContaining("cannot tell which of 2 device programs to replace");
        assertThat(commands()).doesNotContain(LinuxConstants.BPF_PROG_ATTACH);
    }

    @Test
    void programIsDetached() {
        loaderWherePresentAre(1).detach(GROUP);
        loaderWherePresentAre(0).detach(GROUP);

        assertThat(commands()).containsExactly(LinuxConstants.BPF_PROG_QUERY, LinuxConstants.BPF_PROG_GET_FD_BY_ID,
                LinuxConstants.BPF_PROG_DETACH, LinuxConstants.BPF_PROG_QUERY);
    }

    @Test
    void noDescriptorIsLeftOpen() {
        loader.attach(GROUP, DevicePolicy.denyAll());

        // The recorder takes every result of bpf for a descriptor; those of query and attach are none.
        assertThat(host.kernel().openDescriptors().values()).noneMatch(call -> call.startsWith("open("))
                .noneMatch(call -> call.startsWith("bpf(" + LinuxConstants.BPF_PROG_LOAD + ","));
    }

    @Test
    void refusalNamesGroupPolicyAndErrno() {
        host.kernel().failOn("bpf", Errno.EPERM);

        assertThatThrownBy(() -> loader.attach(GROUP, DevicePolicy.denyAll()))
                .isInstanceOfSatisfying(DeviceProgramException.class, failure -> {
                    assertThat(failure.cgroup()).isEqualTo(GROUP);
                    assertThat(failure.verifierLog()).isEmpty();
                })
                .hasMessageContaining("cannot load the device program \"deny a *:* rwm\" for /sys/fs/cgroup/vnfkit/a")
                .hasMessageContaining("EPERM");
        assertThat(host.kernel().calls("bpf")).as("a second time with a log").hasSize(2);
        assertThat(attributes(0).getInt(24)).as("log level").isZero();
    }
}
