package io.urrl.actors.plan;

/**
 * One sample of one epoch. Its views are a function of this and the run's seed alone.
 *
 * @param epoch from 0
 * @param sample index into the data set, 0 to N - 1
 */
public record SampleDraw(int epoch, int sample) {}
