/** Routes and subscribers: values, and the tables that are changed while packets flow. */
package io.vnfkit.dpdk.table;
