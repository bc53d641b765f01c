/**
 * Values of the field as types: CPU and node sets, page sizes, amounts of memory, PCI addresses, device rules.
 *
 * <p>All are immutable and thread-safe. Each has a strict parser: text becomes a value or an
 * {@link io.vnfkit.unit.InvalidValueException} with the position, and {@code parse(x.toString()).equals(x)}.
 */
package io.vnfkit.unit;
