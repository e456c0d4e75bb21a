package mmct.eval;

import java.util.Optional;
import mmct.api.config.Setting;
import mmct.api.config.Settings;

/// How `retrieval` trains where it is asked to; the defaults are the paper's (Tables 4 and 6),
/// which follow VSE++ (Faghri et al. 2018).
public record SentenceTrainingOptions(
    @Setting(value = "Split that is trained on.", byDefault = "train") String split,
    @Setting(
            "Modality that reads the sentences: its type and options. By default type text with"
                + " encoder gru, words 300 wide, 1024 wide, and a vocabulary of the training split.")
        Optional<Settings> sentence,
    @Setting(
            value = "Margin α by which the own sentence must be nearer than the hardest other.",
            byDefault = "0.2",
            above = 0,
            max = 2)
        double margin,
    @Setting(
            value =
                "Epochs at the start in which all others count and not the hardest alone, which"
                    + " keeps the features from falling into one point.",
            byDefault = "1",
            min = 0)
        int sumEpochs,
    @Setting(value = "Learning rate of Adam.", byDefault = "2e-4", above = 0, max = 1) double lr,
    @Setting(value = "Passes over the sentences of the split.", byDefault = "30", min = 1)
        int epochs,
    @Setting(value = "Epochs after which the learning rate is a tenth.", byDefault = "15", min = 0)
        int fullRateEpochs,
    @Setting(value = "Pairs per step.", byDefault = "128", min = 2) int batch,
    @Setting(value = "Seed of the first training.", byDefault = "1") long seed,
    @Setting(
            value = "Trainings, each with a seed of its own; figures are means.",
            byDefault = "1",
            min = 1,
            max = 100)
        int seeds) {

  /// The paper's settings.
  public static SentenceTrainingOptions byDefault() {
    return Settings.empty().bind(SentenceTrainingOptions.class);
  }
}
