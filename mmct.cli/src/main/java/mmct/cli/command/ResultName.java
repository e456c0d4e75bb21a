package mmct.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mmct.api.config.Settings;
import mmct.api.io.Checksums;
import org.jspecify.annotations.Nullable;

/// The name of a result in a run folder: that of the evaluation, and what sets the question apart
/// from the plain one, so that the answer to another question is another file. The same question
/// has the same name in every run.
///
/// @param question what was asked
/// @param configured the evaluation's options in the run's configuration
/// @param split the split that was judged, where it is not the one that is judged unless another is
///     named
/// @param data the fingerprint of the data, where it is not that of the run
record ResultName(
    Question question, Settings configured, Optional<String> split, Optional<String> data) {
  private static final int LONGEST = 80;
  private static final int DIGITS = 8;

  /// The name, which is one of a file.
  String text() {
    List<String> parts = new ArrayList<>(List.of(question.name()));
    if (question.trains()) {
      parts.add(Question.TRAIN);
    }
    split.ifPresent(parts::add);
    data.ifPresent(it -> parts.add("data-" + it.substring(0, Math.min(DIGITS, it.length()))));
    add("", question.options().without(Set.of(Question.TRAIN)).toMap(), parts);
    String whole = String.join("-", parts);
    String plain = whole.replaceAll("[^\\p{L}\\p{N}_.-]|(?<=\\.)\\.", "_");
    // What is cut off, or cannot stand in a file's name, still tells two questions apart.
    return plain.equals(whole) && plain.length() <= LONGEST
        ? plain
        : plain.substring(0, Math.min(LONGEST, plain.length()))
            + "-"
            + Checksums.of(whole.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .substring(0, DIGITS);
  }

  /// Adds the options that are not as the run has them.
  private void add(String group, Map<?, ?> options, List<String> parts) {
    options.forEach(
        (name, value) -> {
          String key = group + name;
          if (value instanceof Map<?, ?> below && !below.isEmpty()) {
            add(key + ".", below, parts);
          } else if (!sameAsConfigured(key, value)) {
            parts.add(key + "-" + value);
          }
        });
  }

  private boolean sameAsConfigured(String key, @Nullable Object value) {
    return configured.get(key).equals(Optional.ofNullable(value)) && configured.has(key);
  }
}
