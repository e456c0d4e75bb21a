package mmct.eval.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32C;
import mmct.api.MmctException;
import mmct.api.io.AtomicFiles;
import mmct.api.io.Checksums;
import mmct.api.io.EmbeddedDigest;
import mmct.api.io.Folders;
import mmct.eval.onnx.convert.Initializer;
import mmct.eval.onnx.proto.Message;
import mmct.eval.onnx.proto.OnnxMessages;

/// A file that is written into a folder beside its target, so that it can be checked before it is
/// there.
///
/// Weights that do not fit into the file go to a second one, named after its content: a new export
/// never overwrites weights that the file in place still refers to, and the move of the file is the
/// one step in which the new export replaces the old.
final class StagedModel implements AutoCloseable {
  /// Weights begin at multiples of this many bytes, so that they can be mapped into memory.
  private static final long ALIGNMENT = 4096;

  private final Path target;
  private final String name;
  private final Path folder;
  private Optional<Path> weights = Optional.empty();

  /// Writes a model.
  ///
  /// @param largestFile beyond how many bytes weights go to a file beside
  /// @throws MmctException where the disk is full or the folder cannot be written to
  StagedModel(Path target, ModelLayout layout, long largestFile) {
    this.target = target.toAbsolutePath();
    name = Objects.requireNonNull(this.target.getFileName(), "a file has a name").toString();
    folder = this.target.resolveSibling(name + ".part");
    try {
      clear();
      Folders.create(folder);
      Message whole = layout.whole();
      Message model = whole.size() <= largestFile ? whole : withWeightsBeside(layout);
      AtomicFiles.write(
          file(), channel -> EmbeddedDigest.write(channel, OnnxMessages.DIGEST, model::writeTo));
    } catch (IOException e) {
      close();
      throw new MmctException(
          "%s cannot be written: %s".formatted(target, AtomicFiles.reason(e)), e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /// The file that was written.
  Path file() {
    return folder.resolve(name);
  }

  private Message withWeightsBeside(ModelLayout layout) throws IOException {
    Path written = folder.resolve("weights");
    Map<String, Long> offsets = new LinkedHashMap<>();
    CRC32C checksum = new CRC32C();
    AtomicFiles.write(
        written,
        channel -> {
          WritableByteChannel summed = summed(channel, checksum);
          for (Initializer weight : layout.weights()) {
            long gap = Math.floorMod(-channel.position(), ALIGNMENT);
            summed.write(ByteBuffer.allocate(Math.toIntExact(gap)));
            offsets.put(weight.name(), channel.position());
            weight.content().writeTo(summed);
          }
        });
    Path named = folder.resolve("%s.%08x.data".formatted(name, checksum.getValue()));
    Files.move(written, named);
    weights = Optional.of(named);
    return layout.beside(named.getFileName().toString(), offsets, Checksums.of(named));
  }

  private static WritableByteChannel summed(FileChannel channel, CRC32C checksum) {
    return new WritableByteChannel() {
      @Override
      public int write(ByteBuffer bytes) throws IOException {
        int size = bytes.remaining();
        checksum.update(bytes.duplicate());
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        return size;
      }

      @Override
      public boolean isOpen() {
        return channel.isOpen();
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  /// Moves what was written to the target, the weights first, and removes weights of an earlier
  /// export.
  ///
  /// @return the bytes in place
  long moveInPlace() {
    try {
      long bytes = Files.size(file());
      if (weights.isPresent()) {
        bytes += Files.size(weights.get());
        AtomicFiles.move(weights.get(), beside(weights.get()));
      }
      AtomicFiles.move(file(), target);
      removeEarlierWeights();
      return bytes;
    } catch (IOException e) {
      throw new MmctException(
          "%s cannot be written: %s".formatted(target, AtomicFiles.reason(e)), e);
    }
  }

  private Path beside(Path file) {
    return target.resolveSibling(file.getFileName());
  }

  private void removeEarlierWeights() throws IOException {
    Path kept = weights.map(this::beside).orElse(target);
    String pattern = "\\Q" + name + "\\E\\.[0-9a-f]{8}\\.data";
    try (DirectoryStream<Path> others =
        Files.newDirectoryStream(
            target.resolveSibling("."), path -> path.getFileName().toString().matches(pattern))) {
      for (Path other : others) {
        if (!other.getFileName().equals(kept.getFileName())) {
          Files.delete(other);
        }
      }
    }
  }

  private void clear() throws IOException {
    if (Files.isSymbolicLink(folder)) {
      // What it stands for is not ours to empty.
      Files.delete(folder);
      return;
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder)) {
      for (Path file : left) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (NoSuchFileException e) {
      // Nothing was left behind.
    }
  }

  @Override
  public void close() {
    try {
      clear();
    } catch (IOException e) {
      // What is left is removed before the next export to this target.
    }
  }
}
