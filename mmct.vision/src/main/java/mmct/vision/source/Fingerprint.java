package mmct.vision.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import mmct.api.MmctException;
import mmct.api.io.AtomicFiles;
import mmct.api.io.RegularFiles;

/// A SHA-256 over texts and files.
public final class Fingerprint {
  private final MessageDigest digest;

  /// A fingerprint of nothing yet.
  public Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// Adds a text and an end mark.
  public Fingerprint add(String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    return this;
  }

  /// Adds a file's name and bytes.
  public Fingerprint add(Path file) {
    add(String.valueOf(file.getFileName()));
    try (InputStream in = Files.newInputStream(RegularFiles.require(file));
        OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      in.transferTo(out);
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(file, AtomicFiles.reason(e)), e);
    }
    return this;
  }

  /// The hash in hexadecimal.
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
