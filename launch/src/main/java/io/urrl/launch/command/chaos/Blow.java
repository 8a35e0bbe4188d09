package io.urrl.launch.command.chaos;

/**
 * One fault and what it cost.
 *
 * @param role of the node that it hit
 * @param node name of the node
 * @param staleness of the run
 * @param step steps on record when it came
 * @param still longest time without a step from then until all was as before, in seconds
 * @param recovered whether all was as before in the time that is allowed for that
 */
public record Blow(
    Fault fault,
    String role,
    String node,
    int staleness,
    long step,
    double still,
    boolean recovered) {}
