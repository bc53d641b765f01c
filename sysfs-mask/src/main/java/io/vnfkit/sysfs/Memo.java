package io.vnfkit.sysfs;

import java.util.function.Supplier;

/**
 * A value that is read at the first call and kept. Thread-safe.
 *
 * @param <T> its type
 */
final class Memo<T> {

    private final Supplier<T> source;
    private T value;

    Memo(Supplier<T> source) {
        this.source = source;
    }

    synchronized T get() {
        if (value == null) {
            value = source.get();
        }
        return value;
    }
}
