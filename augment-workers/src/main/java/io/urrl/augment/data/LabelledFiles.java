package io.urrl.augment.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Files below a folder with their labels and a fingerprint, as a listing of it grows. */
final class LabelledFiles {
  /** Label of a picture that has no class. */
  static final int NONE = -1;

  private final List<String> files = new ArrayList<>();
  private final Fingerprint fingerprint = new Fingerprint();
  private int[] labels = new int[16];

  /** The next pictures are of this class. */
  void begin(String className, int label) {
    fingerprint.add(className).add(label);
  }

  /**
   * The next picture.
   *
   * @param name what the fingerprint takes of its path
   */
  void add(FolderListing.File file, String name, int label) {
    if (labels.length == files.size()) {
      labels = Arrays.copyOf(labels, 2 * labels.length);
    }
    labels[files.size()] = label;
    files.add(file.path());
    fingerprint.add(name).add(file.size());
  }

  int size() {
    return files.size();
  }

  /** Class of a picture, or {@link #NONE}. */
  int label(int sample) {
    return labels[sample];
  }

  /** A picture's path below the folder. */
  String path(int sample) {
    return files.get(sample);
  }

  /** Of classes, names and sizes. */
  long fingerprint() {
    return fingerprint.value();
  }
}
