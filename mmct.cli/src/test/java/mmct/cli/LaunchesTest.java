package mmct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import mmct.cli.PackagedProgram.Ended;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The modules in a program of somebody's own, started in every way: it finds all providers, and
/// encodes with the files of a run, without libtorch.
class LaunchesTest {
  private static final Path LIBRARIES =
      Path.of("target", "mmct", "lib", "modules").toAbsolutePath();
  private static final Path EXAMPLE =
      Path.of("..", "docs", "examples", "serving", "target", "serving-1.0.jar")
          .toAbsolutePath()
          .normalize();
  private static final String MAIN = "org.example.serving.PictureSearch";
  private static final String LAUNCHER = "org.springframework.boot.loader.launch.JarLauncher";
  private static final String ONE_PIXEL =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  private static final String[] PROVIDERS = {
    "dataset: coco, csv, image-folder, scenes;",
    "evaluator: health, knn, probe, retrieval, tagging;",
    "exporter: detectron2, onnx, safetensors;",
    "loss: albef, alignment-uniformity, barlow-twins, cacr, clip, cwcl,",
    "modality: image, tags, text;",
    "positives rule: shared-tags"
  };

  @TempDir private static Path folder;
  private static Path encoders;
  private static Path picture;

  @BeforeAll
  static void aRunAndAPicture() throws IOException, InterruptedException {
    PackagedProgram program = new PackagedProgram(Path.of("target", "mmct").toAbsolutePath());
    Ended ended =
        program.run(
            folder,
            ("train --device cpu --set steps=0 --set data.options.train=64"
                    + " --set data.options.val=4 --set data.options.test=4"
                    + " --set modalities.image.size=32 --out run")
                .split(" "));
    assertThat(ended.exitCode()).as(ended.error()).isZero();
    encoders = folder.resolve("run").resolve("encoders");
    picture = folder.resolve("one.png");
    Files.write(picture, Base64.getDecoder().decode(ONE_PIXEL));
  }

  /// The libraries of the program that are not the program itself, and no libtorch.
  private static List<Path> jars() throws IOException {
    List<Path> jars = new ArrayList<>(List.of(EXAMPLE));
    try (DirectoryStream<Path> libraries = Files.newDirectoryStream(LIBRARIES, "*.jar")) {
      for (Path library : libraries) {
        if (!library.getFileName().toString().matches("(mmct\\.cli|pytorch-jni|guice).*")) {
          jars.add(library);
        }
      }
    }
    return jars;
  }

  private static String joined(List<Path> jars) {
    return String.join(File.pathSeparator, jars.stream().map(Path::toString).toList());
  }

  private void assertServes(String... launch) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(launch));
    command.addAll(List.of(encoders.toString(), "a red circle", picture.toString()));
    Path out = folder.resolve("out.txt");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
    Process process = builder.start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    String said = Files.readString(out);
    assertThat(process.exitValue()).as(said).isZero();
    assertThat(said).contains("nearest: one.png").contains(PROVIDERS);
  }

  @Test
  void fromTheModulePath() throws IOException, InterruptedException {
    assertServes(
        "--enable-native-access=com.microsoft.onnxruntime",
        "-p",
        joined(jars()),
        "-m",
        "org.example.serving/" + MAIN);
  }

  @Test
  void fromTheClassPath() throws IOException, InterruptedException {
    assertServes("--enable-native-access=ALL-UNNAMED", "-cp", joined(jars()), MAIN);
  }

  @Test
  void fromOneJarOfEverything() throws IOException, InterruptedException {
    Path all = folder.resolve("all.jar");
    Map<String, StringBuilder> services = new TreeMap<>();
    Map<String, Path> taken = new HashMap<>();
    try (OutputStream file = Files.newOutputStream(all);
        ZipOutputStream jar = new ZipOutputStream(file)) {
      jar.setLevel(Deflater.BEST_SPEED);
      for (Path each : jars()) {
        try (ZipFile zip = new ZipFile(each.toFile())) {
          for (ZipEntry entry : entries(zip)) {
            String name = entry.getName();
            if (name.startsWith("META-INF/services/")) {
              // What the shade plugin's ServicesResourceTransformer does.
              services
                  .computeIfAbsent(name, file1 -> new StringBuilder())
                  .append(new String(content(zip, entry), StandardCharsets.UTF_8))
                  .append('\n');
            } else if (!name.endsWith("module-info.class")
                && !name.equals("META-INF/MANIFEST.MF")
                && taken.putIfAbsent(name, each) == null) {
              write(jar, name, content(zip, entry));
            }
          }
        }
      }
      for (Map.Entry<String, StringBuilder> service : services.entrySet()) {
        write(
            jar, service.getKey(), service.getValue().toString().getBytes(StandardCharsets.UTF_8));
      }
    }
    assertServes("--enable-native-access=ALL-UNNAMED", "-cp", all.toString(), MAIN);
    Files.delete(all);
  }

  @Test
  void fromJarsWithinAJarOfSpringBoot() throws Exception {
    Path all = folder.resolve("boot.jar");
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, LAUNCHER);
    attributes.putValue("Start-Class", MAIN);
    attributes.putValue("Spring-Boot-Classes", "BOOT-INF/classes/");
    attributes.putValue("Spring-Boot-Lib", "BOOT-INF/lib/");
    attributes.putValue("Enable-Native-Access", "ALL-UNNAMED");
    try (OutputStream file = Files.newOutputStream(all);
        JarOutputStream jar = new JarOutputStream(file, manifest)) {
      for (String directory : List.of("BOOT-INF/", "BOOT-INF/classes/", "BOOT-INF/lib/")) {
        write(jar, directory, new byte[0]);
      }
      unpack(loader(), "", jar);
      unpack(EXAMPLE, "BOOT-INF/classes/", jar);
      for (Path each : jars()) {
        if (!each.equals(EXAMPLE)) {
          store(jar, "BOOT-INF/lib/" + each.getFileName(), Files.readAllBytes(each));
        }
      }
    }
    assertServes("-jar", all.toString());
    Files.delete(all);
  }

  private static Path loader() throws Exception {
    Class<?> launcher = Class.forName(LAUNCHER, false, ClassLoader.getSystemClassLoader());
    return Path.of(launcher.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static void unpack(Path source, String under, JarOutputStream jar) throws IOException {
    try (ZipFile zip = new ZipFile(source.toFile())) {
      for (ZipEntry entry : entries(zip)) {
        if (entry.getName().endsWith(".class") && !entry.getName().endsWith("module-info.class")) {
          write(jar, under + entry.getName(), content(zip, entry));
        }
      }
    }
  }

  private static List<ZipEntry> entries(ZipFile zip) {
    try (Stream<? extends ZipEntry> all = zip.stream()) {
      return all.filter(entry -> !entry.isDirectory()).<ZipEntry>map(entry -> entry).toList();
    }
  }

  private static byte[] content(ZipFile zip, ZipEntry entry) throws IOException {
    try (InputStream content = zip.getInputStream(entry)) {
      return content.readAllBytes();
    }
  }

  private static void write(ZipOutputStream jar, String name, byte[] content) throws IOException {
    jar.putNextEntry(new ZipEntry(name));
    jar.write(content);
    jar.closeEntry();
  }

  /// As a jar that is read in place.
  private static void store(ZipOutputStream jar, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    jar.putNextEntry(entry);
    jar.write(content);
    jar.closeEntry();
  }
}
