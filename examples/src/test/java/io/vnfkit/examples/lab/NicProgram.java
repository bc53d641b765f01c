package io.vnfkit.examples.lab;

import io.vnfkit.examples.jvm.EalWords;
import io.vnfkit.unit.PciAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The command line of a program on a NIC inside a VNF: {@code [EAL ARGUMENT]... -- PCI-ADDRESS [WORD]...}.
 *
 * @param eal arguments of the EAL
 * @param nic the device
 * @param words what else the program is told
 */
record NicProgram(List<String> eal, PciAddress nic, List<String> words) {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    static NicProgram parse(String... arguments) {
        EalWords words = EalWords.part(arguments);
        return new NicProgram(words.eal(), PciAddress.parse(words.own().get(0)), words.own().subList(1, words.own().size()));
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("no " + what + " for " + PATIENCE);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
