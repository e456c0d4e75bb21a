/// Encoders in ONNX files: what a file says about how it is fed, ONNX Runtime that runs it, and
/// features of whole datasets.
package mmct.eval.encode;
