/**
 * What steers a run: the trainer with its ledger of leases, and the supply that hands view tasks to
 * augment workers. Knows identities and actor references of the other rooms through {@link
 * io.urrl.actors.protocol}; never touches tensors, pictures or files.
 */
package io.urrl.actors.run;
