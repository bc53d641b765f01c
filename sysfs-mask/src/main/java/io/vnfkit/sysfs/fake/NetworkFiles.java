package io.vnfkit.sysfs.fake;

/** Writes network interfaces. */
final class NetworkFiles {

    private static final String CLASS = "/sys/class/net";

    private final FakeTree tree;

    NetworkFiles(FakeTree tree) {
        this.tree = tree;
    }

    void writeVirtual(String name) {
        write(name, "/sys/devices/virtual/net/" + name, false);
    }

    void write(String name, String directory, boolean hasDevice) {
        boolean loopback = name.equals("lo");
        int index = loopback ? 1 : 2 + Math.floorMod(name.hashCode(), 1 << 16);
        tree.value(directory + "/ifindex", index);
        tree.value(directory + "/address", loopback ? "00:00:00:00:00:00" : String.format("02:00:00:00:%02x:%02x",
                index >> 8 & 0xff, index & 0xff));
        tree.value(directory + "/mtu", loopback ? 65536 : 1500);
        tree.value(directory + "/operstate", loopback ? "unknown" : "up");
        tree.value(directory + "/flags", loopback ? "0x9" : "0x1003");
        tree.value(directory + "/type", loopback ? 772 : 1);
        if (hasDevice) {
            tree.link(directory + "/device", "../..");
        }
        tree.link(CLASS + "/" + name, "../.." + directory.substring("/sys".length()));
    }
}
