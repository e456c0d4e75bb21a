/// What encoders are worth, and how they leave: evaluations and ONNX files.
@org.jspecify.annotations.NullMarked
module mmct.eval {
  requires transitive mmct.api;
  requires com.fasterxml.jackson.databind;
  requires com.microsoft.onnxruntime;

  exports mmct.eval;
  exports mmct.eval.embed;
  exports mmct.eval.encode;
  exports mmct.eval.onnx;
  exports mmct.eval.onnx.spi;
  exports mmct.eval.verify;

  uses mmct.eval.onnx.spi.OperatorConverters;

  provides mmct.api.spi.EvaluatorProvider with
      mmct.eval.HealthProvider,
      mmct.eval.KnnProvider,
      mmct.eval.ProbeProvider,
      mmct.eval.RetrievalProvider,
      mmct.eval.TaggingProvider;
  provides mmct.api.spi.ExporterProvider with
      mmct.eval.OnnxProvider,
      mmct.eval.SafetensorsProvider;
}
