package org.example.lines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;

/// Reads all lines of a file into memory; pictures stay files until a view is drawn.
record JsonLinesReader(Path file, JsonLinesOptions options, Map<String, Columns> modalities) {
  private static final ObjectMapper JSON = new ObjectMapper();

  DataSource read() {
    Map<String, List<Sample>> splits = new LinkedHashMap<>();
    List<String> lines = lines();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        JsonNode line = parsed(lines.get(i), i + 1);
        String split = line.path(options.split()).asText("train");
        splits.computeIfAbsent(split, name -> new ArrayList<>()).add(sample(line, i + 1));
      }
    }
    Map<String, Dataset> datasets = new LinkedHashMap<>();
    splits.forEach((name, samples) -> datasets.put(name, new InMemoryDataset(samples)));
    return DataSource.of(datasets);
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private JsonNode parsed(String line, int number) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new MmctException(
          "%s, line %d: not a JSON object: %s".formatted(file, number, e.getOriginalMessage()), e);
    }
  }

  /// A sample with those modalities whose field is there.
  private Sample sample(JsonNode line, int number) {
    String id = line.path(options.id()).asText("");
    if (id.isEmpty()) {
      throw new MmctException(
          "%s, line %d: a sample needs an id in its field '%s'"
              .formatted(file, number, options.id()));
    }
    Map<String, Cell> cells = new LinkedHashMap<>();
    modalities.forEach(
        (modality, columns) ->
            columns.names().stream()
                .map(line::path)
                .filter(field -> !field.isMissingNode() && !field.isNull())
                .findFirst()
                .flatMap(field -> cell(columns.kind(), field))
                .ifPresent(cell -> cells.put(modality, cell)));
    return new Sample(id, cells);
  }

  private Optional<Cell> cell(Columns.Kind kind, JsonNode field) {
    return switch (kind) {
      case FILE -> Optional.of(new Cell.File(file.resolveSibling(field.asText())));
      case STRINGS, LIST -> strings(field);
      case NUMBERS -> Optional.of(numbers(field));
    };
  }

  private static Optional<Cell> strings(JsonNode field) {
    List<String> strings =
        each(field).map(JsonNode::asText).filter(text -> !text.isBlank()).toList();
    return strings.isEmpty() ? Optional.empty() : Optional.of(new Cell.Strings(strings));
  }

  private static Cell numbers(JsonNode field) {
    float[] numbers = new float[field.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = field.get(i).floatValue();
    }
    return new Cell.Numbers(numbers, numbers.length);
  }

  /// The elements of an array, or the value itself.
  private static Stream<JsonNode> each(JsonNode field) {
    return field.isArray() ? field.valueStream() : Stream.of(field);
  }
}
