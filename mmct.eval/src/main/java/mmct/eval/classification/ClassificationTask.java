package mmct.eval.classification;

import java.util.List;
import java.util.Map;

/// What a classifier of features learns from, and what it is judged on.
///
/// @param classes the names of the classes of both splits, in natural order; at least two of them
///     are among the items to learn from
/// @param train the items to learn from, at least two
/// @param test the items to judge on, at least one
/// @param protocol where the items are from, how many there are, and how many of them the encoders
///     or the classifier have seen before
public record ClassificationTask(
    List<String> classes, LabelledItems train, LabelledItems test, Map<String, Object> protocol) {
  /// Copies the names.
  public ClassificationTask {
    classes = List.copyOf(classes);
  }
}
