package mmct.text.paraphrase;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// The SHA-256 by which a file of back-translations names a caption: of the caption's UTF-8 bytes
/// after the six white-space characters of ASCII (blank, tab, line feed, vertical tab, form feed,
/// carriage return) are removed from both ends. In Python:
/// `hashlib.sha256(caption.strip(" \t\n\v\f\r").encode()).hexdigest()`.
record CaptionHash(long first, long second, long third, long fourth) {
  private static final int HEX_DIGITS = 64;

  /// The hash of a caption.
  static CaptionHash of(String caption) {
    return of(sha256(trimmed(caption).getBytes(StandardCharsets.UTF_8)));
  }

  /// Reads 64 hexadecimal digits of either case; empty where the text is something else.
  static Optional<CaptionHash> parse(String digits) {
    if (digits.length() != HEX_DIGITS || !digits.chars().allMatch(HexFormat::isHexDigit)) {
      return Optional.empty();
    }
    return Optional.of(of(HexFormat.of().parseHex(digits)));
  }

  private static CaptionHash of(byte[] digest) {
    ByteBuffer buffer = ByteBuffer.wrap(digest);
    return new CaptionHash(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
  }

  private static String trimmed(String caption) {
    int start = 0;
    int end = caption.length();
    while (start < end && isWhitespace(caption.charAt(start))) {
      start++;
    }
    while (end > start && isWhitespace(caption.charAt(end - 1))) {
      end--;
    }
    return caption.substring(start, end);
  }

  private static boolean isWhitespace(char character) {
    return character == ' ' || (character >= '\t' && character <= '\r');
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
