package io.urrl.launch.command.soak;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * What is compared of a line of a run's record: every field, by its text, but those that may differ
 * between runs with the same bits. A field that is added to a record is compared unless it is
 * listed here.
 */
final class Fields {
  /** By the clock, by who was free, and by how often something had to be done again. */
  private static final Set<String> FREE =
      Set.of(
          "pairs_per_second",
          "wait_views",
          "wait_parameters",
          "compute",
          "send",
          "ready",
          "leases",
          "worker",
          "attempt");

  private static final JsonFactory JSON = new JsonFactory();

  /**
   * Adds the compared fields of a line.
   *
   * @param record names the file that the line is from
   * @param line one JSON object; anything else is compared as it is
   * @param into from a field's path, such as {@code ledger micro_batches[1].samples}, to its text
   */
  static void add(String record, String line, Map<String, String> into) {
    try (JsonParser parser = JSON.createParser(line)) {
      parser.nextToken();
      value(parser, record + " ", "", into);
    } catch (IOException e) {
      into.put(record + " line that is no JSON", line);
    }
  }

  private static void value(JsonParser parser, String record, String path, Map<String, String> into)
      throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          if (FREE.contains(name)) {
            parser.skipChildren();
          } else {
            value(parser, record, path.isEmpty() ? name : path + "." + name, into);
          }
        }
      }
      case START_ARRAY -> {
        int index = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          value(parser, record, path + "[" + index + "]", into);
          index++;
        }
        into.put(record + path + ".length", Integer.toString(index));
      }
      case null -> into.put(record + "line", "");
      default -> into.put(record + path, parser.getText());
    }
  }

  private Fields() {}
}
