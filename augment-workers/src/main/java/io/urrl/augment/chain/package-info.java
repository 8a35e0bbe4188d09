/**
 * Chains of operations that people write as text, such as {@code rotate:12.5,fog:3}. {@link
 * io.urrl.augment.chain.NamedOperation} lists the operations with their names and parameters,
 * {@link io.urrl.augment.chain.OperationChain} reads and applies a chain.
 */
package io.urrl.augment.chain;
