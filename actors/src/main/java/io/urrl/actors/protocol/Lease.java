package io.urrl.actors.protocol;

import io.urrl.actors.WireMessage;
import io.urrl.actors.plan.MicroBatchId;

/**
 * The right and duty to compute one micro-batch.
 *
 * @param id what to compute
 * @param attempt how often it was granted before; of two attempts only the later one counts
 */
public record Lease(MicroBatchId id, int attempt) implements WireMessage {}
