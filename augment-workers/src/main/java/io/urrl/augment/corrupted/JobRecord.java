package io.urrl.augment.corrupted;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urrl.augment.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * {@code corruption.json}: what a directory's pictures were made from, so that one directory never
 * holds pictures of two kinds.
 */
public final class JobRecord {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JobRecord() {}

  /**
   * Writes the record, or checks it against the one that is there.
   *
   * @param arrays whether the layout is that of arrays, whose rows depend on more
   * @param frost what the textures of frost are
   * @throws DataException when the directory belongs to another job
   */
  public static void claim(Path directory, CorruptionJob job, boolean arrays, String frost)
      throws IOException {
    Files.createDirectories(directory);
    Path file = directory.resolve("corruption.json");
    ObjectNode record = record(job, arrays, frost);
    if (Files.exists(file)) {
      check(file, record);
      return;
    }
    Path beside = directory.resolve("corruption.json.part");
    Files.writeString(
        beside, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(record) + "\n");
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static ObjectNode record(CorruptionJob job, boolean arrays, String frost) {
    ObjectNode record = JSON.createObjectNode();
    record.put("layout", arrays ? "arrays" : "folders");
    record.put("table", job.corruptions().table().name().toLowerCase(Locale.ROOT));
    record.put("seed", job.seed());
    record.put("data", Long.toHexString(job.pictures().fingerprint()));
    record.put("frost", frost);
    if (arrays) {
      record.put("pictures", job.count());
      record.put("severities", job.severities().toString());
    }
    return record;
  }

  private static void check(Path file, ObjectNode record) throws IOException {
    JsonNode found;
    try {
      found = JSON.readTree(file.toFile());
    } catch (JsonProcessingException e) {
      throw new DataException(file + " is damaged; give another --out", e);
    }
    for (String field : (Iterable<String>) record::fieldNames) {
      String there = found.path(field).asText("missing");
      String here = record.get(field).asText();
      if (!there.equals(here)) {
        throw new DataException(
            "%s says %s %s, not %s; give another --out or the same options as before"
                .formatted(file, field, there, here));
      }
    }
  }
}
