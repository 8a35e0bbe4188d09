/**
 * The augment worker: an actor on a thread of its own that takes view tasks, one at a time, reads
 * and transforms their pictures and streams the views to whoever asked. It keeps nothing between
 * tasks but open data sets and scratch memory.
 */
package io.urrl.augment.worker;
