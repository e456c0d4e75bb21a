package mmct.api.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mmct.api.MmctException;

/// The SHA-256 of files beside it, in a file as `sha256sum -c` reads it: one line for each.
///
/// While a file is replaced it has two lines, that of the old and that of the new content, so that
/// a process that is killed at any moment leaves a file that matches one of them.
public final class Checksums {
  /// The name of the checksums of a folder.
  public static final String FILE = "SHA256SUMS";

  private static final Pattern LINE = Pattern.compile("(\\\\?)([0-9a-f]{64}) [ *](.+)");

  private final Path file;

  private Checksums(Path file) {
    this.file = file;
  }

  /// The checksums of the files in a folder.
  public static Checksums in(Path folder) {
    return new Checksums(folder.resolve(FILE));
  }

  /// The checksums in a file of any name, of files beside it.
  public static Checksums at(Path file) {
    return new Checksums(file);
  }

  /// Whether there are checksums.
  public boolean exist() {
    return Files.exists(file);
  }

  /// The digests by the name of their file; none where there are no checksums.
  ///
  /// @throws MmctException where a line cannot be read, with its number
  public Map<String, Set<String>> read() {
    Map<String, Set<String>> digests = new TreeMap<>();
    if (!exist()) {
      return digests;
    }
    int number = 0;
    for (String line : text().split("\n", -1)) {
      number++;
      Matcher parts = LINE.matcher(line);
      if (parts.matches()) {
        String name = parts.group(1).isEmpty() ? parts.group(3) : unescaped(parts.group(3));
        digests.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(parts.group(2));
      } else if (!line.isEmpty()) {
        throw new MmctException(
            "%s is damaged: line %d is not a SHA-256 and a file's name".formatted(file, number));
      }
    }
    return digests;
  }

  private String text() {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new MmctException("%s is damaged: it is not text".formatted(file), e);
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(file, AtomicFiles.reason(e)), e);
    }
  }

  /// Writes them anew, whole or not at all.
  public void write(Map<String, Set<String>> digests) {
    StringBuilder text = new StringBuilder();
    digests.forEach(
        (name, each) -> {
          String escaped = escaped(name);
          String mark = escaped.equals(name) ? "" : "\\";
          each.forEach(
              it -> text.append(mark).append(it).append("  ").append(escaped).append('\n'));
        });
    AtomicFiles.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /// Writes a file beside the checksums and its line in them.
  ///
  /// @throws MmctException where the disk is full or the folder cannot be written to; the file is
  ///     then as it was
  public void writeFile(String name, byte[] content) {
    String digest = of(content);
    Map<String, Set<String>> digests = read();
    Set<String> mine = digests.computeIfAbsent(name, _ -> new LinkedHashSet<>());
    if (mine.add(digest)) {
      write(digests);
    }
    AtomicFiles.write(file.resolveSibling(name), content);
    if (mine.size() > 1) {
      digests.put(name, Set.of(digest));
      write(digests);
    }
  }

  /// Writes a file of any folder whole or not at all, and its line where the folder has checksums.
  ///
  /// @throws MmctException where the disk is full or the folder cannot be written to
  public static void writeAnywhere(Path target, byte[] content) {
    Checksums beside = in(Folders.of(target));
    if (beside.exist()) {
      beside.writeFile(String.valueOf(target.getFileName()), content);
    } else {
      AtomicFiles.write(target, content);
    }
  }

  /// Refuses the content of a file that is not that of its line; a file without one is accepted.
  ///
  /// @throws MmctException naming both files
  public void require(String name, byte[] content) {
    Set<String> expected = read().get(name);
    if (expected != null && !expected.contains(of(content))) {
      throw new MmctException(
          "%s is damaged or was changed: its SHA-256 is not that in %s; where the change is meant, delete its line there"
              .formatted(file.resolveSibling(name), file));
    }
  }

  /// The SHA-256 of some bytes, as 64 hexadecimal digits.
  public static String of(byte[] content) {
    return HexFormat.of().formatHex(sha256().digest(content));
  }

  /// The SHA-256 of a file, as 64 hexadecimal digits.
  ///
  /// @throws MmctException where it cannot be read
  public static String of(Path file) {
    try (InputStream bytes = Files.newInputStream(RegularFiles.require(file));
        DigestInputStream digest = new DigestInputStream(bytes, sha256())) {
      digest.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(file, AtomicFiles.reason(e)), e);
    }
  }

  /// A SHA-256 of which nothing has been read yet.
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String escaped(String name) {
    return name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }

  private static String unescaped(String name) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '\\' && i + 1 < name.length()) {
        c =
            switch (name.charAt(++i)) {
              case 'n' -> '\n';
              case 'r' -> '\r';
              default -> name.charAt(i);
            };
      }
      text.append(c);
    }
    return text.toString();
  }
}
