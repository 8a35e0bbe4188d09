/**
 * What all of the launcher's packages share: failures that are for people, what was meant by
 * mistyped words, how to start another JVM, and the product's name. Knows none of them; the program
 * begins in {@code command}.
 */
package io.urrl.launch;
