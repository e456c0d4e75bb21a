package mmct.api.training.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import mmct.api.MmctException;

/// What a run has found broken so far. Each cell is told and counted once, in the order in which
/// the batches are delivered, so that a resumed run tells and counts the same.
public final class BrokenCells {
  private static final int EXAMPLES = 3;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final int samples;
  private final double maxBroken;
  private final Consumer<BrokenCell> listener;

  /// In the order found; the reasons of the first few only, since there may be many.
  private final Map<Place, String> cells = new LinkedHashMap<>();

  private final Set<String> ids = new HashSet<>();

  private record Place(String sample, String modality) {}

  /// An empty account.
  ///
  /// @param samples the size of the dataset
  /// @param maxBroken the largest share of the samples that may have a broken cell, 0 to 1
  /// @param listener hears of each broken cell once
  public BrokenCells(int samples, double maxBroken, Consumer<BrokenCell> listener) {
    this.samples = samples;
    this.maxBroken = maxBroken;
    this.listener = listener;
  }

  /// Counts those cells that are not known yet and tells the listener of them.
  ///
  /// @throws MmctException where more samples are broken than allowed
  public void add(List<BrokenCell> found) {
    for (BrokenCell cell : found) {
      Place place = new Place(cell.sample(), cell.modality());
      String example = cells.size() < EXAMPLES ? cell.reason() : "";
      if (cells.putIfAbsent(place, example) == null) {
        ids.add(cell.sample());
        listener.accept(cell);
      }
    }
    if (!found.isEmpty() && ids.size() > maxBroken * samples) {
      throw new MmctException(
          "%d of %d samples are broken, more than the share of %s that is allowed (data.maxBroken); the first: %s"
              .formatted(ids.size(), samples, maxBroken, examples()));
    }
  }

  /// The number of samples with at least one broken cell.
  public int brokenSamples() {
    return ids.size();
  }

  /// The account as strings for a checkpoint.
  public List<String> export() {
    return cells.entrySet().stream()
        .map(cell -> write(cell.getKey().sample(), cell.getKey().modality(), cell.getValue()))
        .toList();
  }

  /// Takes over what [#export] gave; the listener has heard of it before and is not told again.
  public void restore(List<String> exported) {
    for (String line : exported) {
      String[] parts = read(line);
      cells.put(new Place(parts[0], parts[1]), parts[2]);
      ids.add(parts[0]);
    }
  }

  private String examples() {
    return cells.entrySet().stream()
        .limit(EXAMPLES)
        .map(
            cell ->
                "'%s' (%s: %s)"
                    .formatted(cell.getKey().sample(), cell.getKey().modality(), cell.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String write(String... parts) {
    try {
      return JSON.writeValueAsString(parts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String[] read(String line) {
    try {
      String[] parts = JSON.readValue(line, String[].class);
      if (parts.length == 3) {
        return parts;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not an exported cell: " + line, e);
    }
    throw new IllegalArgumentException("not an exported cell: " + line);
  }
}
