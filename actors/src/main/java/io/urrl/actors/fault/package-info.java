/**
 * Faults on purpose: single bits that change in memory, so that a test or an operator can see that
 * the digests find them. Does nothing unless a system property asks for it.
 */
package io.urrl.actors.fault;
