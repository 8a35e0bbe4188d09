/**
 * The command line: where the program begins and ends, and the commands, one a file: options in,
 * exit codes out. Nothing else of the program knows this package, but for the tools that add
 * commands of their own.
 */
package io.urrl.launch.command;
