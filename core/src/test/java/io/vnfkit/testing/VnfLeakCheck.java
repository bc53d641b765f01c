package io.vnfkit.testing;

import io.vnfkit.linux.KernelFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Looks for what the VNFs of {@link InsideVnf} left behind, and for nothing that others on the machine may change. */
final class VnfLeakCheck implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(VnfLeakCheck.class);

    /** Other VNFs come and go on a machine; those of this process, and what is above them, are told by their names. */
    private static final Set<String> SHARED = Set.of("control group", "file", "hugepage counter");

    @Override
    public void beforeAll(ExtensionContext context) {
        // The first launch opens what the JVM keeps: the image of the init and the end of a pipe.
        InsideVnf.run(InsideVnf.vnf(), "true");
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        SortedMap<String, SortedSet<String>> own = new TreeMap<>(LeakSnapshot.of(KernelFiles.host()).traces());
        own.keySet().removeAll(SHARED);
        context.getStore(NAMESPACE).put(context.getUniqueId(), new LeakSnapshot(own));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        LeakCheck.requireNothingLeft(context.getStore(NAMESPACE).remove(context.getUniqueId(), LeakSnapshot.class));
        List<String> left = new ArrayList<>();
        LeakSnapshot now = LeakSnapshot.of(KernelFiles.host());
        SHARED.forEach(kind -> now.traces().get(kind).stream().filter(InsideVnf::isOfThisProcess).forEach(left::add));
        if (!left.isEmpty()) {
            throw new AssertionError("the VNFs of this test left:\n  " + String.join("\n  ", left));
        }
    }
}
