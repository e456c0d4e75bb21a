/// The program `mmct`: commands, configuration files, plugins and progress.
///
/// It names the contracts and the evaluations only; modalities, losses and datasets are found
/// through their service providers. The module is open to the libraries that read its annotations,
/// picocli and Guice.
@org.jspecify.annotations.NullMarked
open module mmct.cli {
  requires com.google.guice;
  requires info.picocli;
  requires jakarta.inject;
  requires java.logging;
  requires mmct.api;
  requires mmct.eval;
  requires org.jspecify;
}
