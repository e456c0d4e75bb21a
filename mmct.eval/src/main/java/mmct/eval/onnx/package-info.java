/// Encoders as ONNX files: any block of Deep Java Library, by tracing one pass.
package mmct.eval.onnx;
