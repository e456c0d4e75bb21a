/// What encoders are worth, and how they leave: evaluations and ONNX files.
@org.jspecify.annotations.NullMarked
module mmct.eval {
  requires com.microsoft.onnxruntime;
  requires transitive mmct.api;

  exports mmct.eval;
  exports mmct.eval.onnx;
  exports mmct.eval.onnx.spi;

  uses mmct.eval.onnx.spi.OperatorConverters;

  provides mmct.api.spi.EvaluatorProvider with
      mmct.eval.RetrievalProvider;
}
