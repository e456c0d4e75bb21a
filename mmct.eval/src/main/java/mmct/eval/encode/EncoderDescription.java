package mmct.eval.encode;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.config.Setting;
import mmct.api.config.Settings;

/// What an encoder's file says about how it is fed and what it gives; the same keys stand in the
/// metadata of an exported file and in a sidecar beside a file from elsewhere.
public record EncoderDescription(
    @Setting(value = "Version of these keys.", byDefault = "1", min = 1, max = 1) int version,
    @Setting("Modality provider that turns cells into inputs.") String type,
    @Setting("Name of the modality, by which evaluations know it; the provider's where not given.")
        Optional<String> modality,
    @Setting("Options of the modality provider.") Settings option,
    @Setting("Names of the file's inputs, in the order of the arrays that the modality makes.")
        List<String> inputs,
    @Setting("What further inputs of the file hold, by their names.") Map<String, Fill> fill,
    @Setting(
            "Id that fills rows up to the longest; needed by fill mask, by a fixed length, and by"
                + " pool mean, max and last of ids.")
        Optional<Long> padding,
    @Setting("Id of the end-of-text token; needed by pool end-of-text.") Optional<Long> endOfText,
    @Setting(
            value =
                "Order of the axes of inputs with height and width: channels-first is [rows,"
                    + " channels, height, width], channels-last is [rows, height, width, channels].",
            byDefault = "channels-first")
        Layout layout,
    @Setting("Name of the file's output.") String output,
    @Setting(
            value = "What becomes of an output [rows, length, width]: one row each.",
            byDefault = "none")
        Pool pool,
    @Setting(value = "Width of the features.", min = 1) int width,
    @Setting(value = "Whether the output consists of rows of length 1.", byDefault = "false")
        boolean normalised,
    @Setting("Space of the features, in which those of several modalities can be compared.")
        Optional<String> space,
    @Setting(value = "Whether it was the momentum encoder of its run.", byDefault = "false")
        boolean momentum,
    @Setting("Lengths that rows may have, where they differ.") Optional<LengthRange> length,
    @Setting("How a cell becomes inputs, in words and numbers for people.") Settings rule,
    @Setting("Where the encoder comes from.") Settings origin) {

  /// Checks what concerns several keys.
  public EncoderDescription {
    inputs = List.copyOf(inputs);
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("inputs must name at least one input but was []");
    }
    if (fill.containsValue(Fill.MASK) && padding.isEmpty()) {
      throw new IllegalArgumentException(
          "padding must say which id fills rows up, for fill mask, but is missing");
    }
    if (pool == Pool.END_OF_TEXT && endOfText.isEmpty()) {
      throw new IllegalArgumentException(
          "endOfText must say which id ends a text, for pool end-of-text, but is missing");
    }
  }

  /// The name by which evaluations know the modality.
  public String name() {
    return modality.orElse(type);
  }

  /// What an input holds that the modality does not make. It has the shape of the first input.
  public enum Fill {
    /// 1 where the first input is not padding, 0 where it is.
    MASK,
    /// Zeros.
    ZEROS,
    /// 0, 1, 2, ... along each row.
    POSITIONS
  }

  /// The order of the axes of an input with height and width.
  public enum Layout {
    /// `[n, c, h, w]`, as PyTorch has it.
    CHANNELS_FIRST,
    /// `[n, h, w, c]`, as TensorFlow has it.
    CHANNELS_LAST
  }

  /// How an output `[rows, length, width]` becomes `[rows, width]`.
  public enum Pool {
    /// It has that shape already.
    NONE,
    /// The first token's vector, that of `[CLS]`.
    FIRST,
    /// The vector of the last token that is not padding.
    LAST,
    /// The mean of the vectors of all tokens that are not padding.
    MEAN,
    /// The largest of each component over all tokens that are not padding.
    MAX,
    /// The vector of the first token whose id is `endOfText`, as CLIP's text encoders are read.
    END_OF_TEXT;

    /// Whether it must know which tokens are padding.
    boolean masked() {
      return this == LAST || this == MEAN || this == MAX;
    }
  }

  /// The lengths that rows may have.
  public record LengthRange(
      @Setting(value = "The shortest.", min = 1) int least,
      @Setting(value = "The longest.", min = 1) int most) {}
}
