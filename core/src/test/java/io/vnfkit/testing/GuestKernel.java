package io.vnfkit.testing;

import io.vnfkit.linux.KernelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The kernel that examples/verify and examples/lab download for emulated machines and never install.
 *
 * @param image what QEMU boots
 * @param modules the directory with modules.dep
 */
public record GuestKernel(Path image, Path modules) {

    /**
     * Looks for it where those scripts put it.
     *
     * @param files the machine
     * @return the kernel; empty if none was downloaded
     */
    public static Optional<GuestKernel> find(KernelFiles files) {
        String root = directory() + "/kernel";
        return files.listIfExists(root + "/lib/modules").stream().sorted()
                .filter(release -> files.exists(root + "/boot/vmlinuz-" + release))
                .map(release -> new GuestKernel(files.resolve(root + "/boot/vmlinuz-" + release),
                        files.resolve(root + "/lib/modules/" + release)))
                .findFirst();
    }

    private static String directory() {
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        return (cache.isEmpty() ? System.getenv().getOrDefault("HOME", "") + "/.cache" : cache) + "/vnfkit-lab";
    }

    /**
     * The files of some modules and of those that they need.
     *
     * @param names names of modules
     * @return each file once, in the order of loading
     * @throws IOException if modules.dep cannot be read
     */
    public List<Path> moduleFiles(List<String> names) throws IOException {
        List<Path> order = new ArrayList<>();
        List<String> dependencies = Files.readAllLines(modules.resolve("modules.dep"));
        for (String name : names) {
            // "kernel/a/b.ko: kernel/c/d.ko kernel/e/f.ko": what comes last is loaded first.
            String[] chain = dependencies.stream().filter(line -> isOf(line, name)).findFirst()
                    .orElseThrow(() -> new AssertionError("no module " + name + " in " + modules))
                    .split(":? ");
            for (int i = chain.length - 1; i >= 0; i--) {
                Path file = modules.resolve(chain[i].replace(":", ""));
                if (!order.contains(file)) {
                    order.add(file);
                }
            }
        }
        return order;
    }

    private static boolean isOf(String line, String name) {
        String file = line.substring(line.lastIndexOf('/', line.indexOf(':')) + 1, line.indexOf(':'));
        return file.replaceFirst("\\.ko(\\.\\w+)?$", "").replace('_', '-').equals(name.replace('_', '-'));
    }
}
