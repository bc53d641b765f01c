/** Root file systems, mounts and masks: typed descriptions of what a VNF sees of the file tree. */
package io.vnfkit.mount;
