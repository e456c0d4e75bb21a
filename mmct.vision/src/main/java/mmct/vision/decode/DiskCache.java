package mmct.vision.decode;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;

/// Decoded pictures in a folder, up to a number of bytes, for this run and others.
///
/// An entry is a file that is written beside its place and moved there whole, so that runs that end
/// suddenly and runs at the same time leave nothing half-written. It holds a checksum, and the size
/// and time of the picture's file: an entry that is damaged, or older than a picture that has
/// changed, is made again. As in memory, what came first stays. The folder may be deleted whenever
/// no run uses it.
public final class DiskCache {
  private static final Logger LOG = System.getLogger(DiskCache.class.getName());

  private static final String ENDING = ".pixels";
  private static final String UNFINISHED = ".unfinished";

  /// After so many parts of its capacity were written the folder is measured again, since other
  /// runs write too.
  private static final int PARTS = 64;

  private final Path folder;
  private final long capacity;
  private final String made;
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong uncounted;
  private final AtomicBoolean failed = new AtomicBoolean();

  /// A cache in a folder, which is created with the first entry.
  ///
  /// @param capacity the most bytes of all entries; where several runs write at once, each may
  ///     exceed it by a 64th
  /// @param made how the pictures are made, such as by which decoder and how far they are reduced;
  ///     entries that were made otherwise are not used
  public DiskCache(Path folder, long capacity, String made) {
    this.folder = folder;
    this.capacity = capacity;
    this.made = made;
    uncounted = new AtomicLong(capacity); // it is measured before the first entry is written
  }

  /// The picture of a file, from the folder or from the decoder.
  public Pixels get(Path file, Function<Path, Pixels> decoder) {
    Optional<PixelEntry.Origin> origin = PixelEntry.Origin.of(file);
    if (origin.isEmpty()) {
      return decoder.apply(file); // which says what is wrong with it
    }
    Path entry = folder.resolve(name(file));
    Optional<Pixels> kept = read(entry, origin.get());
    if (kept.isPresent()) {
      return kept.get();
    }
    Pixels decoded = decoder.apply(file);
    if (!failed.get() && reserve(PixelEntry.size(decoded))) {
      write(entry, PixelEntry.write(decoded, origin.get()));
    }
    return decoded;
  }

  private String name(Path file) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(made.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      digest.update(file.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(), 0, 16) + ENDING;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  private static Optional<Pixels> read(Path entry, PixelEntry.Origin origin) {
    if (!Files.exists(entry)) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(entry, StandardOpenOption.READ)) {
      return PixelEntry.read(channel, origin);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private boolean reserve(long size) {
    if (uncounted.addAndGet(size) > capacity / PARTS) {
      uncounted.set(0);
      used.set(measure());
    }
    if (used.addAndGet(size) <= capacity) {
      return true;
    }
    used.addAndGet(-size);
    return false;
  }

  private long measure() {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(DiskCache::size).sum();
    } catch (IOException e) {
      return capacity;
    }
  }

  /// What a file takes, which is nothing where it has just been moved or is a rest of a run that
  /// ended suddenly.
  private static long size(Path file) {
    try {
      Instant modified = Files.getLastModifiedTime(file).toInstant();
      if (file.toString().endsWith(UNFINISHED)
          && modified.isBefore(Instant.now().minus(Duration.ofHours(1)))) {
        Files.deleteIfExists(file);
        return 0;
      }
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  /// A cache that cannot be written to costs time, not the run.
  private void write(Path entry, ByteBuffer[] content) {
    try {
      Files.createDirectories(folder);
      Path unfinished = Files.createTempFile(folder, "", UNFINISHED);
      try {
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
          while (content[content.length - 1].hasRemaining()) {
            channel.write(content);
          }
        }
        Files.move(
            unfinished, entry, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      if (failed.compareAndSet(false, true)) {
        LOG.log(
            Level.WARNING,
            "no more pictures are kept in {0}, which cannot be written to: {1}",
            folder,
            ImageDecoder.reason(e));
      }
    }
  }
}
