package io.urrl.launch.command;

/**
 * A command that stands beside the product: its class is annotated as a command and named as a
 * provider of this interface, and the launcher puts its module on the class path where the command
 * is asked for, or where all commands are listed.
 */
public interface Tool {}
