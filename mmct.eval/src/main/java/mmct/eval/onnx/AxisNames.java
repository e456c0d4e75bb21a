package mmct.eval.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.eval.onnx.spi.Size;
import mmct.eval.onnx.spi.Tensor;

/// The names of the axes that are not fixed: `batch` for the rows, the request's name for the
/// length of a row, that name and the input's for the length of an input that varies by itself. An
/// axis that follows from a length says how, `length + 2`; axes of one size have one name.
final class AxisNames {
  private static final String ROWS = "batch";

  private final Map<Size, String> names = new HashMap<>();
  private final Map<String, Size> lengths = new HashMap<>();
  private final Size rows;

  /// Names.
  ///
  /// @param rows the number of rows in each trace
  /// @param lengthName what the length of a row is called; empty where rows have one shape
  /// @param inputs the shapes of the inputs
  /// @param samples says which inputs vary together
  AxisNames(
      Size rows,
      Optional<String> lengthName,
      Map<Tensor, List<Size>> inputs,
      SampleInputs samples) {
    this.rows = rows;
    names.put(rows, ROWS);
    List<Map.Entry<Tensor, List<Size>>> all = new ArrayList<>(inputs.entrySet());
    for (int i = 0; i < all.size() && lengthName.isPresent(); i++) {
      int group = samples.group(i);
      String name = lengthName.get() + (group == 0 ? "" : "_" + all.get(i).getKey().name());
      all.get(i).getValue().stream()
          .filter(size -> !size.isFixed() && !size.sameAs(rows))
          .findFirst()
          .ifPresent(size -> add(name, size));
    }
  }

  private void add(String name, Size size) {
    if (lengths.putIfAbsent(name, size) == null) {
      names.putIfAbsent(size, name);
    }
  }

  /// The name of an axis.
  ///
  /// @param otherwise the name where nothing is known about its size
  String of(Size size, String otherwise) {
    return names.computeIfAbsent(size, s -> shifted(s).orElse(otherwise));
  }

  private Optional<String> shifted(Size size) {
    for (Map.Entry<String, Size> entry : lengths.entrySet()) {
      long offset = size.first() - entry.getValue().first();
      Size moved = new Size(entry.getValue().values().stream().map(v -> v + offset).toList());
      if (moved.sameAs(size) && !size.sameAs(rows)) {
        return Optional.of(entry.getKey() + (offset < 0 ? " - " : " + ") + Math.abs(offset));
      }
    }
    return Optional.empty();
  }
}
