package io.vnfkit.launch.step;

import io.vnfkit.namespace.NetworkInterface;
import io.vnfkit.unit.MacAddress;

/** Network interfaces, from inside the VNF's new network namespace. */
public sealed interface NetworkStep extends VnfStep {

    /** Sets lo up. */
    record LoopbackUp() implements NetworkStep {
        @Override
        public String describe() {
            return "set interface lo up";
        }
    }

    /**
     * Refuses to go on if an interface of a name exists: the kernel moves an interface first and renames it then, so a
     * name that is taken would leave it in the VNF under its old one.
     *
     * @param name the name that is wanted
     */
    record RequireUnusedName(String name) implements NetworkStep {
        @Override
        public String describe() {
            return "require that no interface is named " + name;
        }
    }

    /**
     * Removes an interface, a veth pair as a whole, if it is the one that is meant.
     *
     * @param name its name
     * @param address its Ethernet address; with another one it is somebody else's, and stays
     */
    record RemoveInterface(String name, MacAddress address) implements NetworkStep {
        @Override
        public String describe() {
            return "remove interface " + name + " with address " + address;
        }
    }

    /**
     * Gives an interface its addresses and MTU and sets it up.
     *
     * @param networkInterface the interface
     */
    record ConfigureInterface(NetworkInterface networkInterface) implements NetworkStep {
        @Override
        public String describe() {
            return "set interface " + networkInterface.name() + " up"
                    + (networkInterface.addresses().isEmpty() ? "" : " with " + networkInterface.addresses());
        }
    }
}
