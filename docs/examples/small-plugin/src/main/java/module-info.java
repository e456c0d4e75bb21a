/// A format of datasets, and an evaluation.
module org.example.lines {
  requires mmct.api;

  exports org.example.lines;

  provides mmct.api.spi.DatasetProvider with
      org.example.lines.JsonLinesProvider;
  provides mmct.api.spi.EvaluatorProvider with
      org.example.lines.MarginProvider;
}
