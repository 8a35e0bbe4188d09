package io.urrl.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** What this program calls itself: in {@code --version}, in records and in checkpoints. */
public final class Product {
  private static final String FILE = "/product.properties";

  /** Name and version, the latter as the build has it. */
  public static final String NAME = "urrl " + version();

  private static String version() {
    Properties properties = new Properties();
    try (InputStream file = Product.class.getResourceAsStream(FILE)) {
      properties.load(Objects.requireNonNull(file, FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  private Product() {}
}
