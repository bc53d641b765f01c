/** What two sides of an object see of each other where no order is kept but those that they ask for. */
package io.vnfkit.ivshmem.order;
