/// What encoders are worth, and how they leave.
@org.jspecify.annotations.NullMarked
module mmct.eval {
  requires transitive mmct.api;
  requires com.fasterxml.jackson.databind;
  requires com.microsoft.onnxruntime;

  exports mmct.eval;
  exports mmct.eval.encode;
  exports mmct.eval.onnx;

  provides mmct.api.spi.EvaluatorProvider with
      mmct.eval.RetrievalProvider;
  provides mmct.api.spi.ExporterProvider with
      mmct.eval.OnnxProvider;
}
