package io.vnfkit.ivshmem;

import io.vnfkit.dpdk.EalArguments;
import io.vnfkit.dpdk.EalOption;
import io.vnfkit.dpdk.port.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What an unmodified DPDK program has to be told to be one side of a link: a virtual device, and what the EAL has to do for
 * it. In a VNF they go to the arguments that follow from its grant ({@link #addTo}); the rest of its command line is the
 * program's own.
 *
 * <p>Immutable and thread-safe.
 *
 * @param device the device
 * @param options further options of the EAL that the device needs
 */
public record DpdkArguments(Device device, List<EalOption> options) implements PeerArguments {

    /** Copies the list. */
    public DpdkArguments {
        Objects.requireNonNull(device, "device");
        options = List.copyOf(options);
    }

    /**
     * The argument of {@code --vdev}.
     *
     * @return name and parameters
     */
    public String vdev() {
        return device.parameters().isEmpty() ? device.name() : device.name() + "," + device.parameters();
    }

    /**
     * Adds them to the arguments of a VNF.
     *
     * @param arguments such as {@code EalArguments.fromGrant()}
     * @return the new arguments
     */
    public EalArguments addTo(EalArguments arguments) {
        EalArguments all = arguments.vdev(vdev());
        for (EalOption option : options) {
            all = all.with(option.option(), option.value());
        }
        return all;
    }

    /**
     * The words, one for each element of an argument vector.
     *
     * @return options with their values
     */
    @Override
    public List<String> words() {
        List<String> words = new ArrayList<>(new EalOption("--vdev", vdev()).words());
        options.forEach(option -> words.addAll(option.words()));
        return words;
    }

    /** Without the parameters of the device, which can hold a secret. */
    @Override
    public String toString() {
        return "DpdkArguments[device=" + device.name() + ", options=" + options + "]";
    }
}
