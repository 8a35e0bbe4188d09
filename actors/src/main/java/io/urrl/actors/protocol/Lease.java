package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;
import io.urrl.actors.plan.MicroBatchId;

/**
 * The right and duty to compute one micro-batch.
 *
 * @param id what to compute
 * @param attempt how often it was granted before; a result counts whichever attempt it is of
 */
public record Lease(MicroBatchId id, int attempt) implements WireMessage {}
