/// The contracts of the toolkit and the training graph that knows no modality by name.
///
/// Dependencies between its packages run one way: training → graph → spi → data, and
/// training → config.
@org.jspecify.annotations.NullMarked
module mmct.api {
  requires transitive ai.djl.api;
  requires transitive com.fasterxml.jackson.databind;
  requires transitive org.jspecify;
  requires ai.djl.pytorch_engine;
  // Loads and processor times.
  requires java.management;
  // Deep Java Library is an automatic module and cannot ask for these itself.
  requires com.google.gson;
  requires org.slf4j;
  // Our own.
  requires org.apache.commons.csv;
  requires org.yaml.snakeyaml;

  exports mmct.api;
  exports mmct.api.check;
  exports mmct.api.config;
  exports mmct.api.csv;
  exports mmct.api.data;
  exports mmct.api.io;
  exports mmct.api.run;
  exports mmct.api.spi;
  exports mmct.api.graph;
  exports mmct.api.training;
  exports mmct.api.training.data;
  exports mmct.api.engine;

  uses mmct.api.spi.ModalityProvider;
  uses mmct.api.spi.LossProvider;
  uses mmct.api.spi.PositivesProvider;
  uses mmct.api.spi.DatasetProvider;
  uses mmct.api.spi.EvaluatorProvider;
  uses mmct.api.spi.ExporterProvider;

  provides ai.djl.engine.EngineProvider with
      mmct.api.engine.EngineSetup;
  provides mmct.api.spi.DatasetProvider with
      mmct.api.csv.CsvProvider;
}
