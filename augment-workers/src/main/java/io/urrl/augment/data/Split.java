package io.urrl.augment.data;

/** Part of a data set. */
public enum Split {
  TRAIN,
  TEST
}
