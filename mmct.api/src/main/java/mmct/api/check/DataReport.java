package mmct.api.check;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What reading a whole dataset has shown.
///
/// @param source one line for people, as the source describes itself
/// @param splits by name, in the order of the source
/// @param ids what is known of repeated ids
/// @param unread the columns, or other parts of the data, that nothing reads
/// @param passedOver what the source has not taken, one sentence for each reason
public record DataReport(
    String source,
    Map<String, Split> splits,
    Ids ids,
    List<String> unread,
    List<String> passedOver) {
  /// Copies the map, keeping its order, and the lists.
  public DataReport {
    unread = List.copyOf(unread);
    passedOver = List.copyOf(passedOver);
    splits = Collections.unmodifiableMap(new LinkedHashMap<>(splits));
  }

  /// Whether every file is there and readable and no id stands in two splits.
  public boolean isClean() {
    return ids.acrossSplits() == 0
        && splits.values().stream()
            .allMatch(split -> split.missing().total() == 0 && split.broken().total() == 0);
  }

  /// The report as text, ready to print.
  public List<String> lines() {
    return new ReportLines(this).lines();
  }

  /// One split.
  ///
  /// @param samples how many it has
  /// @param combinations how many samples have exactly these modalities, the most frequent first
  /// @param modalities by name
  /// @param rows by objective, how many samples have all that it compares, present and readable
  /// @param missing files that are not there
  /// @param broken cells that cannot be read
  public record Split(
      int samples,
      Map<List<String>, Long> combinations,
      Map<String, Content> modalities,
      Map<String, Long> rows,
      Problems missing,
      Problems broken) {
    /// Copies the maps, keeping their order.
    public Split {
      combinations = Collections.unmodifiableMap(new LinkedHashMap<>(combinations));
      rows = Collections.unmodifiableMap(new LinkedHashMap<>(rows));
      modalities = Collections.unmodifiableMap(new LinkedHashMap<>(modalities));
    }
  }

  /// One modality of a split.
  ///
  /// @param samples how many have it, in whatever state
  /// @param items how many plain views it gives
  /// @param strings strings per sample; empty where its cells are no strings
  /// @param lengths the length of a string in characters, or of a series in numbers
  /// @param different how many different strings; 0 where its cells are no lists
  /// @param commonest the most frequent strings of lists, the most frequent first
  public record Content(
      long samples,
      long items,
      Distribution strings,
      Distribution lengths,
      long different,
      Map<String, Long> commonest) {
    /// Copies the map, keeping its order.
    public Content {
      commonest = Collections.unmodifiableMap(new LinkedHashMap<>(commonest));
    }
  }

  /// A distribution of whole numbers.
  ///
  /// @param count how many
  /// @param min the smallest
  /// @param median the middle one; of an even count, the lower of the two
  /// @param max the largest
  public record Distribution(long count, long min, long median, long max) {}

  /// Cells that something is wrong with.
  ///
  /// @param total how many
  /// @param first the first few
  public record Problems(long total, List<Problem> first) {
    /// Copies the list.
    public Problems {
      first = List.copyOf(first);
    }
  }

  /// A cell that something is wrong with.
  ///
  /// @param sample the sample's id
  /// @param modality the modality's name
  /// @param reason one sentence that names the file
  public record Problem(String sample, String modality, String reason) {}

  /// Repeated ids.
  ///
  /// @param samples how many samples there are in all
  /// @param repeated samples with the id of an earlier one
  /// @param acrossSplits those of them whose earlier one is in another split
  /// @param first the first few, each with the splits of both
  public record Ids(long samples, long repeated, long acrossSplits, List<String> first) {
    /// Copies the list.
    public Ids {
      first = List.copyOf(first);
    }
  }
}
