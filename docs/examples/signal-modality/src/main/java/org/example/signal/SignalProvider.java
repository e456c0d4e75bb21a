package org.example.signal;

import java.util.List;
import mmct.api.data.Columns;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;
import mmct.api.spi.ModalityProvider;

/// Provides the modality `signal`: series of numbers over time.
public final class SignalProvider implements ModalityProvider<SignalOptions> {
  /// Called by the service loader.
  public SignalProvider() {}

  @Override
  public String name() {
    return "signal";
  }

  @Override
  public Class<SignalOptions> options() {
    return SignalOptions.class;
  }

  @Override
  public String description() {
    return "Series of numbers, cropped and jittered, read by a one-dimensional convolutional network.";
  }

  @Override
  public Columns columns() {
    return new Columns(List.of("signal", "series"), Columns.Kind.NUMBERS);
  }

  @Override
  public Modality create(SignalOptions options, ModalityContext context) {
    return new SignalModality(context.name(), options);
  }
}
