/** What the programs that show something have in common: their report, and the output of programs that they start. */
package io.vnfkit.examples.report;
