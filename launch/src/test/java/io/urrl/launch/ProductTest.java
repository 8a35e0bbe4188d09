package io.urrl.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The product's name has the build's version. */
final class ProductTest {

  @Test
  void theVersionIsTheBuilds() throws IOException {
    Matcher version =
        Pattern.compile("<artifactId>urrl</artifactId>\\s*<version>(.*?)</version>")
            .matcher(Files.readString(Path.of("../pom.xml")));
    assertTrue(version.find());
    assertEquals("urrl " + version.group(1), Product.NAME);
  }
}
