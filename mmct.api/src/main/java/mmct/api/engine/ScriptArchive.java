package mmct.api.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A TorchScript program as libtorch loads it: an archive of uncompressed entries with the code as
/// text and a pickled object without attributes.
final class ScriptArchive {
  private static final String ROOT = "m/";

  private ScriptArchive() {}

  /// An archive of one module.
  ///
  /// @param module the name of the module's class
  /// @param code its serialised code
  static byte[] of(String module, String code) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      // Protocol 2: a new object of the class, built of an empty dictionary.
      put(zip, "data.pkl", latin("\u0080\u0002c__torch__\n" + module + "\n)\u0081}b."));
      put(zip, "code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
      // An empty tuple.
      put(zip, "constants.pkl", latin("\u0080\u0002)."));
      put(zip, "version", latin("3\n"));
      put(zip, "byteorder", latin("little"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(ROOT + name);
    CRC32 checksum = new CRC32();
    checksum.update(content);
    entry.setCrc(checksum.getValue());
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
