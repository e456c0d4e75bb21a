package mmct.eval.verify;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mmct.api.MmctException;
import mmct.api.config.YamlReader;
import mmct.api.io.AtomicFiles;
import mmct.api.io.Checksums;
import mmct.api.io.SafeTensors;
import mmct.api.run.Json;
import mmct.eval.encode.OnnxFile;
import mmct.eval.verify.Finding.State;

/// Looks at one file: is it what its name says, and what its checksums say?
final class FileCheck {
  private FileCheck() {}

  /// Looks at a file.
  ///
  /// @param recorded the checksums beside it
  static Finding of(Path file, RecordedDigests recorded) {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
            ? new Finding(file, State.UNPROVEN, "is no regular file, and was not read")
            : new Finding(file, State.DAMAGED, "is missing");
      }
      if (String.valueOf(file.getFileName()).endsWith(AtomicFiles.UNFINISHED)) {
        return new Finding(file, State.UNPROVEN, "is unfinished, and nothing reads it");
      }
      List<String> proofs = new ArrayList<>(recorded.compare(file));
      proofs.addAll(read(file));
      return proofs.isEmpty()
          ? new Finding(
              file,
              State.UNPROVEN,
              RecordedDigests.isList(file)
                  ? "checksums, which have none of their own"
                  : "no checksum")
          : new Finding(file, State.INTACT, "SHA-256 in " + String.join(" and in ", proofs));
    } catch (MmctException e) {
      return new Finding(file, State.DAMAGED, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new Finding(file, State.DAMAGED, "cannot be read: " + AtomicFiles.reason(e));
    }
  }

  /// Reads a file as what its name says.
  ///
  /// @return where it carries checksums of its own
  private static List<String> read(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    if (name.endsWith(".safetensors")) {
      return tensors(file) ? List.of("the file") : List.of();
    } else if (name.endsWith(".onnx")) {
      Map<String, String> metadata = OnnxFile.metadata(file);
      return OnnxFile.verify(file, metadata) ? List.of("the file") : List.of();
    } else if (name.matches(".*\\.onnx\\.[0-9a-f]{8}\\.data")) {
      return weights(file, name.replaceFirst("\\.[0-9a-f]{8}\\.data$", ""));
    } else if (name.endsWith(".json")) {
      Json.read(Files.readAllBytes(file));
    } else if (name.endsWith(".jsonl")) {
      lines(file);
    } else if (name.endsWith(".yaml")) {
      YamlReader.read(Files.readString(file), name);
    } else if (name.endsWith(".npy")) {
      NpyHeader.check(file);
    } else if (RecordedDigests.isList(file)) {
      Checksums.at(file).read();
    }
    return List.of();
  }

  private static boolean tensors(Path file) {
    if (RunCheck.open(file)) {
      return true;
    }
    boolean carries = SafeTensors.verify(file);
    SafeTensors.open(file).close();
    return carries;
  }

  /// Weights that did not fit into the file of their model, which holds their SHA-256.
  private static List<String> weights(Path file, String model) {
    Path owner = file.resolveSibling(model);
    if (!Files.exists(owner)) {
      throw new MmctException("its model %s is missing".formatted(model));
    }
    return OnnxFile.verify(owner, OnnxFile.metadata(owner)) ? List.of(model) : List.of();
  }

  private static void lines(Path file) throws IOException {
    int number = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        Json.read(line.getBytes(StandardCharsets.UTF_8));
      }
    } catch (CharacterCodingException e) {
      throw new MmctException("behind line %d it is not text".formatted(number), e);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new MmctException("line %d is not JSON".formatted(number), e);
    }
  }
}
