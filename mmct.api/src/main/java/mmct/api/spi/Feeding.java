package mmct.api.spi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// What a consumer must know to feed an encoder of which only the exported file is at hand.
///
/// @param inputs the names of the collated inputs, in their order
/// @param lengths the lengths that rows may have; empty where all rows have one shape
/// @param rules how a cell becomes inputs, by short names such as `mean`, in words or numbers that
///     a person can follow in another language
public record Feeding(List<String> inputs, Optional<Lengths> lengths, Map<String, String> rules) {
  /// Copies list and map, keeping their order.
  public Feeding {
    inputs = List.copyOf(inputs);
    rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
  }

  /// Inputs without names of their own, all rows of one shape.
  ///
  /// @param inputs how many there are
  public static Feeding plain(int inputs) {
    List<String> names =
        IntStream.range(0, inputs).mapToObj(i -> inputs == 1 ? "input" : "input" + i).toList();
    return new Feeding(names, Optional.empty(), Map.of());
  }

  /// The lengths that the rows of a batch may have; all rows of one batch have the same.
  ///
  /// @param least the shortest
  /// @param most the longest
  public record Lengths(int least, int most) {
    /// Checks the order.
    public Lengths {
      if (least < 1 || most < least) {
        throw new IllegalArgumentException(
            "lengths are at least 1 and in order but were %d and %d".formatted(least, most));
      }
    }
  }
}
