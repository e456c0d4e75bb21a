package mmct.api.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.stream.Stream;

/// A file as a list of another system names it.
///
/// Where there is no file of the name itself, its backslashes are taken for slashes, as Windows
/// writes them, and its accents for one piece or two, as other file systems write them.
public final class NamedFile {
  private NamedFile() {}

  /// The path that a name means.
  ///
  /// @param folder from which a relative name starts
  /// @return a file that is there if there is one, else the path of the name itself
  /// @throws InvalidPathException where no file can have the name
  public static Path of(Path folder, String name) {
    Path itself = folder.resolve(name);
    if (isPlain(name) || Files.exists(itself)) {
      return itself;
    }
    String slashes = name.replace('\\', '/');
    return Stream.of(
            slashes,
            Normalizer.normalize(slashes, Normalizer.Form.NFC),
            Normalizer.normalize(slashes, Normalizer.Form.NFD))
        .map(folder::resolve)
        .filter(Files::exists)
        .findFirst()
        .orElse(itself);
  }

  /// Names that all systems write alike, which are nearly all, need no look at the disk.
  private static boolean isPlain(String name) {
    return name.chars().allMatch(c -> c < 0x80 && c != '\\');
  }
}
