package org.example.lines;

import java.nio.file.Path;
import mmct.api.MmctException;
import mmct.api.data.DataSource;
import mmct.api.spi.DatasetProvider;

/// Files of which each line is a JSON object, one sample.
public final class JsonLinesProvider implements DatasetProvider<JsonLinesOptions> {
  /// Called by the service loader.
  public JsonLinesProvider() {}

  @Override
  public String name() {
    return "json-lines";
  }

  @Override
  public Class<JsonLinesOptions> options() {
    return JsonLinesOptions.class;
  }

  @Override
  public String description() {
    return "A file of JSON objects, one a line.";
  }

  @Override
  public boolean recognises(Path location) {
    return location.toString().endsWith(".jsonl");
  }

  @Override
  public DataSource open(JsonLinesOptions options, Request request) {
    Path file =
        request
            .location()
            .orElseThrow(() -> new MmctException("the dataset json-lines needs a file (--data)"));
    return new JsonLinesReader(file, options, request.modalities()).read();
  }
}
