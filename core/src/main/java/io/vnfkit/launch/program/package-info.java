/**
 * The launch program: what the launch init executes between the JVM and the VNF, as one flat file of syscall numbers,
 * arguments and data.
 *
 * <p>{@link io.vnfkit.launch.program.ProgramBuilder} assembles a {@link io.vnfkit.launch.program.Program}, the init (C,
 * in {@code core/src/main/c/init}) checks and executes it, and answers with {@link io.vnfkit.launch.program.Report}s on
 * a pipe and an {@link io.vnfkit.launch.program.ExitRecord} in a file. The binary contract stands in {@code abi.h}
 * beside the init; {@link io.vnfkit.launch.program.Opcode} says what each instruction does.
 *
 * <p>Everything here is pure: no file, no syscall, no privilege.
 */
package io.vnfkit.launch.program;
