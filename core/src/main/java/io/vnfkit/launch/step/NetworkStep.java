package io.vnfkit.launch.step;

import io.vnfkit.namespace.NetworkInterface;

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
