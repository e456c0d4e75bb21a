package mmct.eval.encode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Settings;
import mmct.api.config.YamlReader;
import mmct.api.io.ArtefactStore;
import mmct.api.io.AtomicFiles;
import mmct.api.io.RegularFiles;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;
import mmct.api.spi.ModalityProvider;

/// An encoder's file and everything that is known of it: its own metadata, and those of a sidecar
/// beside it laid over them.
///
/// @param model the ONNX file
/// @param sidecar the YAML file with further keys
/// @param description what both say
/// @param artefacts the modality's files by name
record EncoderFile(
    Path model,
    Optional<Path> sidecar,
    EncoderDescription description,
    Map<String, byte[]> artefacts) {

  /// Reads what is known of a file.
  ///
  /// @param named a sidecar that is not `MODEL.yaml`
  /// @throws MmctException where it is no ONNX file, is not as it was written, or does not say how
  ///     it is fed
  static EncoderFile read(Path model, Optional<Path> named) {
    Map<String, String> texts = OnnxFile.metadata(model);
    OnnxFile.verify(model, texts);
    // Other programs leave texts too; without a type they are not ours.
    Metadata.Read own =
        Metadata.read(texts.containsKey("type") ? texts : Map.of(), model.toString());
    Optional<Path> sidecar = named.or(() -> beside(model));
    Settings settings = sidecar.map(EncoderFile::yaml).orElse(Settings.empty());
    settings = settings.over(own.settings());
    try {
      return new EncoderFile(
          model, sidecar, settings.bind(EncoderDescription.class), own.artefacts());
    } catch (ConfigurationException e) {
      throw new MmctException(
          "%s does not say how it is fed: %s; %s can say it"
              .formatted(
                  model, e.getMessage(), sidecar.orElse(Path.of(model + ".yaml")).getFileName()),
          e);
    }
  }

  private static Optional<Path> beside(Path model) {
    return Optional.of(Path.of(model + ".yaml")).filter(Files::exists);
  }

  private static Settings yaml(Path file) {
    try {
      return YamlReader.read(
          Files.readString(RegularFiles.require(file)),
          file.toString(),
          Optional.ofNullable(file.toAbsolutePath().getParent()));
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(file, AtomicFiles.reason(e)), e);
    }
  }

  /// The provider of the modality.
  ModalityProvider<?> provider(Catalogue catalogue) {
    try {
      return catalogue.modality(description.type());
    } catch (MmctException e) {
      throw new MmctException("type of %s: %s".formatted(model, e.getMessage()), e);
    }
  }

  /// The modality, made of nothing but what the file says.
  Modality modality(Catalogue catalogue) {
    try {
      return modality(provider(catalogue));
    } catch (ConfigurationException e) {
      throw new MmctException(
          "%s cannot be fed as it says: %s".formatted(model, e.getMessage()), e);
    }
  }

  private <O extends Record> Modality modality(ModalityProvider<O> provider) {
    ArtefactStore store = ArtefactStore.inMemory();
    artefacts.forEach(store::write);
    return provider.create(
        description.option().bind(provider.options()),
        new ModalityContext(description.name(), Optional.empty(), store, 0, note -> {}));
  }

  /// A hash of the model and the sidecar.
  String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream content = new DigestInputStream(Files.newInputStream(model), digest)) {
        byte[] buffer = new byte[1 << 16];
        while (content.read(buffer) >= 0) {
          // The digest sees every byte that is read.
        }
      }
      for (Path file : sidecar.stream().toList()) {
        digest.update(Files.readString(file).getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(model, AtomicFiles.reason(e)), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
