package io.urrl.parameters.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code state.json}: the checkpoint's own description, size and SHA-256 of every other file, and
 * last the SHA-256 of all that as printed without this field.
 *
 * @param state the description
 * @param files each tensor file's seal by name
 */
record StateFile(CheckpointState state, Map<String, Seal> files) {
  static final String NAME = "state.json";

  private static final int FORMAT = 1;
  private static final String CHECKSUM = "sha256";
  private static final JsonMapper JSON = new JsonMapper();
  private static final ObjectWriter PRINTER = JSON.writerWithDefaultPrettyPrinter();

  /**
   * What a file must be to be whole.
   *
   * @param bytes its length
   * @param sha256 its digest in hexadecimal
   */
  record Seal(long bytes, String sha256) {}

  byte[] toBytes() throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("format", FORMAT);
    root.put("step", state.step());
    root.put("version", state.version());
    root.put("architecture", state.architecture());
    root.put("product", state.product());
    ObjectNode plan = root.putObject("plan");
    state.plan().forEach(plan::put);
    ObjectNode seals = root.putObject("files");
    files.forEach(
        (name, seal) ->
            seals.putObject(name).put("bytes", seal.bytes()).put("sha256", seal.sha256()));
    root.put(CHECKSUM, Digests.sha256(PRINTER.writeValueAsBytes(root)));
    return PRINTER.writeValueAsBytes(root);
  }

  /**
   * Reads the file of a checkpoint directory.
   *
   * @throws CheckpointException when it is missing, damaged or of a newer format
   */
  static StateFile read(Path directory) throws CheckpointException {
    Path file = directory.resolve(NAME);
    try {
      if (!(JSON.readTree(Files.readAllBytes(file)) instanceof ObjectNode root)) {
        throw new CheckpointException(file + ": not a JSON object");
      }
      String expected = root.path(CHECKSUM).asText();
      root.remove(CHECKSUM);
      if (!Digests.sha256(PRINTER.writeValueAsBytes(root)).equals(expected)) {
        throw new CheckpointException(file + ": the checksum does not agree");
      }
      if (root.path("format").asInt() != FORMAT) {
        throw new CheckpointException(
            file + ": format " + root.path("format") + " was written by another version of urrl");
      }
      return of(root);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(file + ": not valid JSON: " + e.getOriginalMessage(), e);
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new CheckpointException(Failures.describe(file, e), e);
    }
  }

  private static StateFile of(JsonNode root) {
    Map<String, String> plan = new LinkedHashMap<>();
    root.path("plan").properties().forEach(e -> plan.put(e.getKey(), e.getValue().asText()));
    Map<String, Seal> files = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : root.path("files").properties()) {
      JsonNode seal = entry.getValue();
      files.put(
          entry.getKey(), new Seal(seal.path("bytes").asLong(), seal.path("sha256").asText()));
    }
    CheckpointState state =
        new CheckpointState(
            root.path("step").asLong(),
            root.path("version").asLong(),
            root.path("architecture").asText(),
            root.path("product").asText(),
            plan);
    return new StateFile(state, files);
  }
}
