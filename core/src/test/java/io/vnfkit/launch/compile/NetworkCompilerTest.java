package io.vnfkit.launch.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.vnfkit.launch.step.NetworkStep.ConfigureInterface;
import io.vnfkit.launch.step.NetworkStep.LoopbackUp;
import io.vnfkit.launch.step.NetworkStep.RemoveInterface;
import io.vnfkit.launch.step.NetworkStep.RequireUnusedName;
import io.vnfkit.launch.step.SupervisorStep.ConfigurePeer;
import io.vnfkit.launch.step.SupervisorStep.PlaceInterface;
import io.vnfkit.namespace.NetworkInterface;
import io.vnfkit.unit.MacAddress;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NetworkCompilerTest {

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void theLoopbackIsSetUpByItsIndex() {
        Compiled compiled = Compiled.process(new LoopbackUp());

        assertThat(compiled.step(3)).satisfiesExactly(
                line -> assertThat(line).matches("socket\\(0x10, 0x80003\\) -> s\\d+"),
                line -> assertThat(line).matches("ioctl\\(s\\d+, 0x8933, \"lo\"\\)"),
                line -> assertThat(line).matches("LOAD\\(.*, 4\\) -> s\\d+"),
                line -> assertThat(line).startsWith("STORE32("),
                line -> assertThat(line).matches("NETLINK\\(s\\d+, .*, 0x20\\)"));
        // nlmsghdr: length 32, RTM_NEWLINK, REQUEST|ACK, sequence 1, port 0; ifinfomsg: index is stored later, IFF_UP,
        // mask IFF_UP.
        assertThat(hex(compiled.bytes(3, 4, 1, 32)))
                .isEqualTo("20000000" + "1000" + "0500" + "01000000" + "00000000" + "00000000" + "00000000"
                        + "01000000" + "01000000");
    }

    @Test
    void aSocketIsOpenedOnce() {
        Compiled compiled = Compiled.process(new LoopbackUp(), new ConfigureInterface(NetworkInterface.moved("eth0")));

        assertThat(compiled.stepsFrom(3)).filteredOn(line -> line.startsWith("socket(")).hasSize(1);
    }

    @Test
    void anInterfaceGetsItsSizeAndThenItsAddresses() {
        Compiled compiled = Compiled.process(new ConfigureInterface(NetworkInterface.moved("eth0").withMtu(1400)
                .address("10.0.0.2/24").address("fd00::1/64")));

        assertThat(compiled.step(3)).filteredOn(line -> line.startsWith("NETLINK(")).hasSize(3);
        assertThat(hex(compiled.bytes(3, 4, 1, 40))).startsWith("28000000").endsWith("0800" + "0400" + "78050000");
        // RTM_NEWADDR, REQUEST|ACK|EXCL|CREATE; AF_INET, /24; IFA_LOCAL and IFA_ADDRESS.
        assertThat(hex(compiled.bytes(3, 6, 1, 40))).isEqualTo("28000000" + "1400" + "0506" + "01000000" + "00000000"
                + "02180000" + "00000000" + "08000200" + "0a000002" + "08000100" + "0a000002");
        // AF_INET6, /64, no duplicate address detection.
        assertThat(hex(compiled.bytes(3, 8, 1, 64))).contains("0a400200" + "00000000" + "14000200" + "fd00"
                + "00".repeat(13) + "01");
    }

    @Test
    void aNameIsUnusedOnlyIfTheKernelKnowsNoDevice() {
        assertThat(Compiled.process(new RequireUnusedName("eth0")).step(3)).satisfiesExactly(
                line -> assertThat(line).startsWith("socket("),
                line -> assertThat(line).matches("ioctl\\(s\\d+, 0x8933, \"eth0\"\\) -> s\\d+ \\| ENODEV \\(19\\)"),
                line -> assertThat(line).matches("EXPECT\\(s\\d+, -1, -19, 0x11, 8\\)"));
    }

    @Test
    void anInterfaceIsMovedAndRenamedInOneMessage() {
        Compiled compiled = Compiled.supervisor(new PlaceInterface(NetworkInterface.moved("eth7").as("uplink"),
                Optional.empty()));

        assertThat(compiled.step(2)).satisfiesExactly(
                line -> assertThat(line).startsWith("socket("),
                line -> assertThat(line).contains("\"eth7\""),
                line -> assertThat(line).startsWith("LOAD("),
                line -> assertThat(line).startsWith("STORE32("),
                line -> assertThat(line).startsWith("STORE32("),
                line -> assertThat(line).startsWith("NETLINK("));
        // IFLA_NET_NS_PID, stored later; IFLA_IFNAME.
        assertThat(hex(compiled.bytes(2, 5, 1, 52)).substring(64)).isEqualTo("08001300" + "00000000" + "0b000300"
                + "75706c696e6b0000");
    }

    @Test
    void aPairIsMadeWithItsInnerEndInTheVnf() {
        Compiled compiled = Compiled.supervisor(new PlaceInterface(NetworkInterface.veth("eth0", "host0").withMtu(
                1400), Optional.of(MacAddress.parse("02:00:5e:10:00:07"))));

        List<String> lines = compiled.step(2);
        assertThat(lines.get(1)).matches("openat\\(-100, \"/proc/self/ns/net\", 0x80000\\) -> s\\d+");
        assertThat(lines).filteredOn(line -> line.startsWith("setns(")).isEmpty();
        int netlink = lines.indexOf(lines.stream().filter(line -> line.startsWith("NETLINK(")).findFirst()
                .orElseThrow());
        String message = hex(compiled.bytes(2, netlink, 1, 140));
        // RTM_NEWLINK with CREATE and EXCL.
        assertThat(message).startsWith("8c000000" + "1000" + "0506");
        String mtu = "08000400" + "78050000";
        // VETH_INFO_PEER holds an ifinfomsg, IFLA_IFNAME, IFLA_ADDRESS, IFLA_MTU and IFLA_NET_NS_FD, which is stored later.
        String peer = "3c000100" + "00000000".repeat(4) + "0a000300" + "686f737430000000"
                + "0a000100" + "02005e1000070000" + mtu + "08001c00"
                + "00000000";
        // IFLA_NET_NS_PID, stored later, IFLA_IFNAME, IFLA_MTU, IFLA_LINKINFO with IFLA_INFO_KIND "veth" and
        // IFLA_INFO_DATA.
        assertThat(message.substring(64)).isEqualTo("08001300" + "00000000" + "09000300" + "6574683000000000" + mtu
                + "50001200" + "09000100" + "7665746800000000" + "40000200" + peer);
    }

    @Test
    void theOtherEndIsConfiguredFromASocketInItsNamespace() {
        NetworkInterface pair = NetworkInterface.veth("eth0", "left0").peerIn(Path.of("/run/netns/left"))
                .peerAddress("10.0.0.1/24");
        Compiled compiled = Compiled.supervisor(new PlaceInterface(pair, Optional.empty()),
                new ConfigurePeer(pair, (NetworkInterface.Veth) pair.origin()));

        List<String> lines = compiled.step(2);
        String there = lines.get(1).replaceAll(".*-> ", "");
        assertThat(lines.get(1)).startsWith("openat(-100, \"/run/netns/left\"");
        List<String> configuring = compiled.step(3);
        List<String> after = configuring.subList(configuring.indexOf("setns(" + there + ", 0x40000000)"),
                configuring.size());
        assertThat(after.get(1)).startsWith("socket(");
        assertThat(after.get(2)).matches("setns\\(s\\d+, 0x40000000\\)").isNotEqualTo(after.get(0));
        assertThat(after.get(3)).contains("\"left0\"");
        assertThat(after).filteredOn(line -> line.startsWith("NETLINK(")).hasSize(2);
        assertThat(after).filteredOn(line -> line.startsWith("close(")).hasSize(3);
    }

    @Test
    void onlyTheInterfaceWithTheRightAddressIsRemoved() {
        Compiled compiled = Compiled.process(new RemoveInterface("host0", MacAddress.parse("02:00:5e:10:00:07")));

        assertThat(compiled.step(3)).satisfiesExactly(
                line -> assertThat(line).startsWith("socket("),
                line -> assertThat(line).matches("ioctl\\(s\\d+, 0x8933, \"host0\"\\)"),
                line -> assertThat(line).startsWith("LOAD("),
                line -> assertThat(line).matches("ioctl\\(s\\d+, 0x8927, \"host0\"\\)"),
                // ARPHRD_ETHER and the address, little endian; ESTALE.
                line -> assertThat(line).matches("EXPECT\\(.*, -1, 0x700105e00020001, 0x74, 8\\)"),
                line -> assertThat(line).startsWith("STORE32("),
                line -> assertThat(line).matches("NETLINK\\(s\\d+, .*, 0x20\\) \\| ENODEV \\(19\\)"));
        // RTM_DELLINK with REQUEST and ACK.
        assertThat(hex(compiled.bytes(3, 6, 1, 32))).startsWith("20000000" + "1100" + "0500");
    }
}
