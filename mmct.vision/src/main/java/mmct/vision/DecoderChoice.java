package mmct.vision;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.spi.ModalityContext;
import mmct.vision.decode.JpegLibrary;

/// Chooses what decodes JPEG files, and keeps it for the whole of a run: two decoders differ by a
/// grey level here and there, which is enough to end with other weights.
///
/// @param wanted by the configuration
/// @param context where the choice is kept and told
record DecoderChoice(ImageOptions.Decoder wanted, ModalityContext context) {
  private static final String FILE = "decoder.txt";

  /// The library that the run uses.
  ///
  /// @throws MmctException where libjpeg-turbo is wanted and the system has none
  JpegLibrary resolve() {
    Optional<String> begunWith =
        context.store().read(FILE).map(content -> new String(content, StandardCharsets.UTF_8));
    JpegLibrary chosen = choose(begunWith.orElse(""));
    context.notes().accept("%s: decoder %s".formatted(context.name(), chosen.describe()));
    begunWith
        .filter(before -> !before.equals(chosen.version()))
        .ifPresent(before -> context.notes().accept(changed(before, chosen)));
    // A finished run is opened without its data, and nothing is written into it.
    boolean kept = begunWith.equals(Optional.of(chosen.version()));
    if (context.trainingCells().isPresent() && !kept) {
      context.store().write(FILE, chosen.version().getBytes(StandardCharsets.UTF_8));
    }
    return chosen;
  }

  private JpegLibrary choose(String begunWith) {
    JpegLibrary jdk = new JpegLibrary.Jdk();
    return switch (wanted) {
      case JAVA -> jdk;
      case TURBO -> JpegLibrary.turbo().orElseThrow(this::absent);
      case AUTO -> begunWith.equals(jdk.version()) ? jdk : JpegLibrary.turbo().orElse(jdk);
    };
  }

  private MmctException absent() {
    return new MmctException(
        "modalities.%s.decoder must be auto or java where the system has no libjpeg-turbo (libturbojpeg) but was turbo"
            .formatted(context.name()));
  }

  private String changed(String before, JpegLibrary now) {
    return "%s: the run began with the decoder %s and goes on with %s, so its views differ by a grey level here and there from what they would have been"
        .formatted(context.name(), before, now.version());
  }
}
