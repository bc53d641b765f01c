/** Namespaces: which are new, inherited or joined, id maps, host name, time offsets, network interfaces. */
package io.vnfkit.namespace;
