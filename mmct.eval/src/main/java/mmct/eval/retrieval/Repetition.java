package mmct.eval.retrieval;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import mmct.api.data.Cell;
import mmct.api.data.Dataset;
import mmct.api.data.Sample;

/// How many items say the same as an item of another sample, such as a caption that two pictures
/// have.
///
/// @param items by modality, the number of such items
record Repetition(Map<String, Integer> items) {

  /// An item's content while it is counted.
  private static final class Content {
    private final String sample;
    private int items;
    private boolean inSeveral;

    Content(String sample) {
      this.sample = sample;
    }
  }

  /// Counts the strings and files that several samples have.
  ///
  /// @param ids the samples that take part; those of one id are one
  static Repetition of(Dataset dataset, Set<String> ids, List<String> modalities) {
    Map<String, Map<Object, Content>> contents = new LinkedHashMap<>();
    modalities.forEach(modality -> contents.put(modality, new HashMap<>()));
    for (int i = 0; i < dataset.size(); i++) {
      if (ids.contains(dataset.id(i))) {
        Sample sample = dataset.get(i);
        contents.forEach((modality, of) -> count(sample, modality, of));
      }
    }
    Map<String, Integer> repeated = new LinkedHashMap<>();
    contents.forEach(
        (modality, of) ->
            repeated.put(
                modality,
                of.values().stream().filter(it -> it.inSeveral).mapToInt(it -> it.items).sum()));
    return new Repetition(repeated);
  }

  private static void count(Sample sample, String modality, Map<Object, Content> contents) {
    sample.cell(modality).stream()
        .flatMap(Repetition::items)
        .forEach(
            item -> {
              Content content = contents.computeIfAbsent(item, _ -> new Content(sample.id()));
              content.items++;
              content.inSeveral |= !content.sample.equals(sample.id());
            });
  }

  /// What can be compared without opening anything.
  private static Stream<Object> items(Cell cell) {
    return switch (cell) {
      case Cell.Strings(List<String> values) -> values.stream().map(String::strip);
      case Cell.File(java.nio.file.Path path) -> Stream.of(path);
      case Cell.Bytes _, Cell.ByteGrid _, Cell.Numbers _ -> Stream.empty();
    };
  }
}
