package mmct.cli.command;

import java.util.List;

/// The words that the user typed behind `mmct`, kept for a run's record.
public record CommandWords(List<String> words) {
  /// Copies the words.
  public CommandWords {
    words = List.copyOf(words);
  }
}
