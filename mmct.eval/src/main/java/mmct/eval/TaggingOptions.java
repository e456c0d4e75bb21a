package mmct.eval;

import java.util.Optional;
import mmct.api.config.Setting;

/// Options of `tagging`.
///
/// The paper gives the embedding, the network and the loss of Table 5 but not its optimiser; Adam,
/// its learning rate, batch and epochs are this toolkit's.
public record TaggingOptions(
    @Setting(
            "Modality whose backbone features are tagged; by default the run's first with an encoder.")
        Optional<String> modality,
    @Setting(
            value = "Modality or column that holds the tags, separated by ; in a column.",
            byDefault = "tags")
        String tags,
    @Setting(value = "Split that the network is trained on.", byDefault = "train") String train,
    @Setting(
            value = "Most tags that are predicted: the most frequent ones of the training split.",
            byDefault = "18157",
            min = 2,
            max = 100_000)
        int vocabulary,
    @Setting(
            value = "Most dimensions of the tags' vectors; there are never more than tags.",
            byDefault = "4096",
            min = 1,
            max = 16_384)
        int width,
    @Setting(
            value = "Width of the network's hidden layer; 0 makes it linear.",
            byDefault = "2048",
            min = 0,
            max = 65_536)
        int hidden,
    @Setting(value = "Learning rate of Adam.", byDefault = "1e-3", above = 0, max = 1) double lr,
    @Setting(value = "Passes over the training split.", byDefault = "30", min = 1) int epochs,
    @Setting(value = "Images per step.", byDefault = "256", min = 1) int batch,
    @Setting(value = "Seed of the first network.", byDefault = "1") long seed,
    @Setting(
            value = "Networks that are trained, each with a seed of its own; figures are means.",
            byDefault = "1",
            min = 1,
            max = 100)
        int seeds) {}
