package io.urrl.launch.protocol;

/**
 * What came of a run.
 *
 * @param fault what is wrong with it, empty when nothing is
 * @param digest of its last checkpoint
 * @param millis that it took
 * @param stopped whether somebody asked for the end
 */
record Verdict(String fault, String digest, long millis, boolean stopped) {}
