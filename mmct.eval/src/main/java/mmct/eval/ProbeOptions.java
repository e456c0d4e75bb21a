package mmct.eval;

import java.util.Optional;
import mmct.api.config.Setting;

/// Options of `probe`.
public record ProbeOptions(
    @Setting(
            value =
                "The recipe by which the linear layer is trained: the paper's, that of MoCo (He et"
                    + " al. 2020) or that of VirTex (Desai and Johnson 2021).",
            byDefault = "paper")
        ProtocolName protocol,
    @Setting(
            value = "Times the layer is trained, each from other weights and in another order.",
            byDefault = "3",
            min = 1,
            max = 1000)
        int seeds,
    @Setting(value = "Split that the layer is trained on.", byDefault = "train") String train,
    @Setting("Modality whose features are classified; by default the only one that the data has.")
        Optional<String> modality,
    @Setting("Space whose features are classified; by default the backbone's own features.")
        Optional<String> space,
    @Setting("Column of the classes; by default label or class, or the folder's name.")
        Optional<String> label,
    @Setting(value = "Passes over the training items instead of the protocol's.", min = 1)
        Optional<Integer> epochs,
    @Setting(value = "Learning rate at the start instead of the protocol's.", above = 0)
        Optional<Double> lr) {

  /// A recipe by its name.
  public enum ProtocolName {
    /// 60 epochs, rate 30 divided by 5 at 30, 40 and 50.
    PAPER,
    /// 100 epochs, rate 30 divided by 10 at 60 and 80.
    MOCO,
    /// 100 epochs, rate 0.3 along half a cosine.
    VIRTEX
  }

  /// The defaults: the paper's protocol, three times, on the split `train`.
  public static ProbeOptions byDefault() {
    return new ProbeOptions(
        ProtocolName.PAPER,
        3,
        "train",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
