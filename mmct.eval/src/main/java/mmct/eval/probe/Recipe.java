package mmct.eval.probe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mmct.eval.ProbeOptions;

/// How the linear layer is trained: SGD with momentum and without weight decay, on features that
/// are as the encoder gives them, drawn once from plain views.
///
/// MoCo and VirTex draw random crops and flips anew in each epoch; the paper does not, and here no
/// recipe does, since features are extracted once.
///
/// @param name the recipe's name, and what was changed
/// @param source where it is from
/// @param epochs passes over the items
/// @param rate the learning rate at the start
/// @param decay how the rate falls
record Recipe(String name, String source, int epochs, double rate, Decay decay) {
  /// Rows of a step; the last step of an epoch may have fewer.
  static final int BATCH = 256;

  /// SGD's momentum, by PyTorch's rule.
  static final double MOMENTUM = 0.9;

  /// How a learning rate falls.
  sealed interface Decay {
    /// The rate is divided at epochs.
    record Steps(double divisor, List<Integer> epochs) implements Decay {}

    /// Half a cosine to zero, step by step.
    record Cosine() implements Decay {}
  }

  /// The recipe that the options name.
  static Recipe of(ProbeOptions options) {
    Recipe named = named(options.protocol());
    if (options.epochs().isEmpty() && options.lr().isEmpty()) {
      return named;
    }
    return new Recipe(
        named.name + ", changed",
        named.source,
        options.epochs().orElse(named.epochs),
        options.lr().orElse(named.rate),
        named.decay);
  }

  private static Recipe named(ProbeOptions.ProtocolName name) {
    return switch (name) {
      case PAPER ->
          new Recipe(
              "paper",
              "the paper, section 4.2, linear classification on ImageNet",
              60,
              30,
              new Decay.Steps(5, List.of(30, 40, 50)));
      case MOCO ->
          new Recipe(
              "moco",
              "He et al., Momentum Contrast, CVPR 2020, section 4.1",
              100,
              30,
              new Decay.Steps(10, List.of(60, 80)));
      case VIRTEX ->
          new Recipe(
              "virtex",
              "Desai and Johnson, VirTex, CVPR 2021, section 4.1, and its imagenet_clf.yaml",
              100,
              0.3,
              new Decay.Cosine());
    };
  }

  /// The learning rate of a step.
  ///
  /// @param step counted from 0 over all epochs
  /// @param perEpoch steps of an epoch
  double rate(int step, int perEpoch) {
    return switch (decay) {
      case Decay.Steps(double divisor, List<Integer> at) ->
          rate / Math.pow(divisor, passed(at, step / perEpoch));
      case Decay.Cosine() ->
          rate * (1 + Math.cos(Math.PI * step / ((double) epochs * perEpoch))) / 2;
    };
  }

  private static int passed(List<Integer> epochs, int epoch) {
    return (int) epochs.stream().filter(at -> epoch >= at).count();
  }

  /// The recipe in words and numbers.
  Map<String, Object> protocol() {
    Map<String, Object> protocol = new LinkedHashMap<>();
    protocol.put("protocol", name);
    protocol.put("source", source);
    protocol.put("epochs", epochs);
    protocol.put("batch", BATCH);
    protocol.put("lr", rate);
    protocol.put(
        "schedule",
        switch (decay) {
          case Decay.Steps(double divisor, List<Integer> at) ->
              "divided by %.0f at %s".formatted(divisor, at);
          case Decay.Cosine() -> "half a cosine to zero";
        });
    protocol.put("momentum", MOMENTUM);
    protocol.put("weightDecay", 0.0);
    protocol.put("standardised", false);
    protocol.put("augmentation", "none");
    return protocol;
  }
}
