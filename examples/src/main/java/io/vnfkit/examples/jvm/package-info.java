/** Programs in Java as the command of a VNF. */
package io.vnfkit.examples.jvm;
