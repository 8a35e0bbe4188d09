/** The commands, one a file: options in, exit codes out. */
package io.urrl.launch.command;
