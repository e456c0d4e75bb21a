package mmct.api.spi;

import mmct.api.data.Columns;

/// A kind of modality: how its cells become views and how views are encoded.
public interface ModalityProvider<O extends Record> extends Provider<O> {
  /// The columns that hold such a modality where the configuration does not say otherwise.
  Columns columns();

  /// Creates the modality of one run.
  Modality create(O options, ModalityContext context);
}
