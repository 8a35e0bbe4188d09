package io.urrl.verify.images;

import io.urrl.actors.tensor.Npy;
import io.urrl.actors.tensor.Tensor;
import io.urrl.augment.image.Picture;
import io.urrl.augment.image.PngFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes what cases give. */
final class CaseOutputs {
  private final Path folder;

  /** Writes below {@code folder}. */
  CaseOutputs(Path folder) {
    this.folder = folder;
  }

  /** A picture as PNG. */
  void write(String name, Picture picture) throws IOException {
    PngFile.write(place(name), picture);
  }

  /** An array as .npy. */
  void write(String name, Tensor tensor) throws IOException {
    Npy.write(place(name), tensor);
  }

  private Path place(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return file;
  }
}
