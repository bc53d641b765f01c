/**
 * Turns the steps of a plan into a launch program: which system calls, in which order, with which structures. One class
 * per group of steps. Nothing here decides what happens, only how.
 */
package io.vnfkit.launch.compile;
