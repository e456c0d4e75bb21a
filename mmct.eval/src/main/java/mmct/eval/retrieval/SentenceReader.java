package mmct.eval.retrieval;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.data.Dataset;
import mmct.api.io.ArtefactStore;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;
import mmct.api.spi.ModalityProvider;

/// The modality that reads the sentences of a trained retrieval; by default text and a GRU.
///
/// @param type the name of its provider
/// @param options the provider's options, with the defaults of the paper where they apply
record SentenceReader(String type, Settings options) {
  private static final String TYPE = "type";
  private static final String DEFAULT_TYPE = "text";
  private static final Settings DEFAULT_OPTIONS =
      Settings.of(Map.of("encoder", Map.of(TYPE, "gru")));

  /// What the settings say, laid over the paper's.
  static SentenceReader of(Optional<Settings> settings) {
    Settings written = settings.orElse(Settings.empty());
    String type = written.text(TYPE).orElse(DEFAULT_TYPE);
    Settings options = written.without(Set.of(TYPE));
    return new SentenceReader(
        type, type.equals(DEFAULT_TYPE) ? options.over(DEFAULT_OPTIONS) : options);
  }

  /// Makes the modality; a vocabulary, where it needs one, is that of the training split.
  ///
  /// @param key the name under which samples have their sentences
  /// @param training the split that is trained on
  Modality create(String key, EvaluationContext training, long seed) {
    Dataset dataset = training.dataset();
    ModalityContext context =
        new ModalityContext(
            key,
            Optional.of(() -> dataset.cells(key)),
            ArtefactStore.inMemory(),
            seed,
            note -> training.progress("retrieval: " + note));
    Modality modality = create(training.catalogue().modality(type), context);
    if (modality.newBackbone(true).isEmpty()) {
      throw new MmctException(
          "a retrieval that trains needs a sentence encoder but %s has none (training.sentence)"
              .formatted(type));
    }
    return modality;
  }

  private <O extends Record> Modality create(
      ModalityProvider<O> provider, ModalityContext context) {
    return provider.create(options.bind(provider.options()), context);
  }

  /// Type and options, for the protocol.
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(TYPE, type);
    options.keys().forEach(key -> options.get(key).ifPresent(value -> map.put(key, value)));
    return map;
  }
}
