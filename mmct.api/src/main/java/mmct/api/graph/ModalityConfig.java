package mmct.api.graph;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import mmct.api.config.Setting;

/// The keys that every modality has; the others are its provider's options.
public record ModalityConfig(
    @Setting(value = "Modality provider.", fixed = true) String type,
    @Setting(value = "Learning rate of the encoder and its heads.", min = 0) Optional<Double> lr,
    @Setting(
            value =
                "Safetensors file, or run folder, whose weights the backbone starts from; a run"
                    + " that is resumed does not need it.",
            fixed = true)
        Optional<Path> weights,
    @Setting(
            value = "Columns of the data that hold it, where they differ from the provider's.",
            fixed = true)
        List<String> columns) {}
