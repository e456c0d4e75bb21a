package mmct.api.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import mmct.api.MmctException;
import mmct.api.engine.CacheFolder.Surroundings;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTest {
  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> properties = new HashMap<>();

  @BeforeEach
  void surroundings() {
    environment.put("HOME", folder.resolve("home").toString());
    properties.put("os.name", "Linux");
    properties.put("user.name", "somebody");
    properties.put("java.io.tmpdir", folder.resolve("tmp").toString());
  }

  private Path cache() {
    return CacheFolder.of(new Surroundings(environment::get, properties::get)).path();
  }

  private NativeLibraries libraries() {
    return new NativeLibraries(CacheFolder.of(new Surroundings(environment::get, properties::get)));
  }

  private Map<String, URL> jar(String name, String content) throws IOException {
    Path jar = folder.resolve(name);
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      for (String library : List.of("liba.so", "libb.so")) {
        out.putNextEntry(new ZipEntry("native/x-y/" + library));
        out.write((library + content).repeat(1000).getBytes(StandardCharsets.UTF_8));
      }
    }
    Map<String, URL> urls = new HashMap<>();
    for (String library : List.of("liba.so", "libb.so")) {
      urls.put(library, URI.create("jar:" + jar.toUri() + "!/native/x-y/" + library).toURL());
    }
    return urls;
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      Set<String> names = new HashSet<>();
      files.forEach(it -> names.add(it.getFileName().toString()));
      return names;
    }
  }

  @Test
  void theFolderIsTheUsersAloneAndStaysWhereItIs() throws IOException {
    Path first = libraries().unpacked("name", jar("1.jar", "one"));
    FileTime then = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(first.resolve("liba.so"), then);

    Path second = libraries().unpacked("name", jar("1.jar", "one"));

    assertThat(second).isEqualTo(first).startsWith(folder.resolve("home/.cache/mmct"));
    assertThat(Files.getLastModifiedTime(first.resolve("liba.so"))).isEqualTo(then);
    assertThat(first.resolve("libb.so")).hasContent("libb.soone".repeat(1000));
    for (Path path : List.of(first, first.getParent(), first.resolve("liba.so"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rwx------");
    }
    assertThat(libraries().unpacked("name", jar("2.jar", "two"))).isNotEqualTo(first);
  }

  @Test
  void whatIsNotWhatTheJarHoldsIsUnpackedAgain() throws IOException {
    Map<String, URL> jar = jar("1.jar", "one");
    Path unpacked = libraries().unpacked("name", jar);
    Path library = unpacked.resolve("liba.so");
    byte[] whole = Files.readAllBytes(library);
    byte[] flipped = whole.clone();
    flipped[whole.length / 2] ^= 1;
    Path elsewhere = Files.write(folder.resolve("elsewhere.so"), whole);

    for (int damage = 0; damage < 6; damage++) {
      switch (damage) {
        case 0 -> Files.write(library, flipped);
        case 1 -> Files.write(library, Arrays.copyOf(whole, whole.length / 2));
        case 2 -> Files.delete(library);
        case 3 -> Files.writeString(unpacked.resolve("libextra.so"), "loaded too");
        case 4 -> {
          Files.delete(library);
          Files.createSymbolicLink(library, elsewhere);
        }
        default -> {
          Files.move(unpacked, folder.resolve("moved"));
          Files.createSymbolicLink(unpacked, folder.resolve("moved"));
        }
      }
      assertThat(libraries().unpacked("name", jar)).isEqualTo(unpacked);
      assertThat(names(unpacked)).containsExactlyInAnyOrder("liba.so", "libb.so");
      assertThat(library).isRegularFile().hasBinaryContent(whole);
      assertThat(Files.isSymbolicLink(library)).isFalse();
      assertThat(Files.isSymbolicLink(unpacked)).isFalse();
    }
    assertThat(elsewhere).hasBinaryContent(whole);
  }

  @Test
  void whatAKilledProcessHasLeftIsRemoved() throws IOException {
    Path left = Files.createDirectories(cache().resolve("name-0.part"));
    Files.writeString(left.resolve("liba.so"), "half");

    Path unpacked = libraries().unpacked("name", jar("1.jar", "one"));

    assertThat(names(cache())).containsExactlyInAnyOrder("lock", unpacked.getFileName().toString());
  }

  @Test
  void manyMayUnpackAtOnce() throws Exception {
    Map<String, URL> jar = jar("1.jar", "one");
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<Path>> all =
          Stream.generate(() -> threads.submit(() -> libraries().unpacked("name", jar)))
              .limit(16)
              .toList();
      for (Future<Path> one : all) {
        assertThat(one.get().resolve("liba.so")).hasContent("liba.soone".repeat(1000));
      }
    }
    assertThat(names(cache())).hasSize(2);
  }

  @Test
  void aFolderThatOthersCouldHaveMadeIsRefused() throws IOException {
    Path cache = cache();
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(this::cache)
        .isInstanceOf(MmctException.class)
        .hasMessageContaining(cache.toString())
        .hasMessageContaining("others may write to it")
        .hasMessageContaining("MMCT_CACHE");

    Files.delete(cache);
    Files.createSymbolicLink(cache, Files.createDirectory(folder.resolve("planted")));
    assertThatThrownBy(this::cache)
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("it is a link or a file");
    assertThat(folder.resolve("planted")).isEmptyDirectory();
  }

  @Test
  void aFolderOfSomebodyElseIsRefused() throws IOException {
    Path cache = cache();
    Assumptions.assumeTrue(
        (int) Files.getAttribute(cache, "unix:uid") == 0, "only root gives folders away");
    Files.setAttribute(cache, "unix:uid", 12345);

    assertThatThrownBy(this::cache)
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("it belongs to 12345");
  }

  @Test
  void aFolderThatEverybodyMayReplaceIsRefused() throws IOException {
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    environment.put("MMCT_CACHE", open.resolve("mine").toString());

    assertThatThrownBy(this::cache)
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("everybody may replace what is in it");
  }

  @Test
  void whereThereIsNoHomeTheTemporaryFolderHoldsAFolderOfTheUsersOwn() throws IOException {
    Path temporary = folder.resolve("tmp/mmct-somebody");

    environment.put("HOME", "/dev/null/no-home");
    assertThat(cache()).isEqualTo(temporary);
    environment.remove("HOME");
    properties.put("user.home", "?");
    assertThat(cache()).isEqualTo(temporary);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temporary)))
        .isEqualTo("rwx------");
  }

  @Test
  void theEnvironmentMayNameTheFolder() {
    environment.put("XDG_CACHE_HOME", folder.resolve("xdg").toString());
    assertThat(cache()).isEqualTo(folder.resolve("xdg/mmct"));
    environment.put("MMCT_CACHE", folder.resolve("named").toString());
    assertThat(cache()).isEqualTo(folder.resolve("named"));
    properties.put("mmct.cache", folder.resolve("by property").toString());
    assertThat(cache()).isEqualTo(folder.resolve("by property"));
    properties.put("mmct.cache", "/dev/null/nowhere");
    assertThatThrownBy(this::cache)
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("/dev/null/nowhere");
  }
}
