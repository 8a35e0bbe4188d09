package io.urrl.launch.node;

/** A role that a node plays for whichever run comes: the workers that it keeps at work. */
public interface WorkerRole {

  /** Its name, for people. */
  String word();

  /** How many workers it keeps. */
  int workers();

  /** Has the node keep the role's workers. */
  void begin(Room room);
}
