/// The way to ONNX Runtime.
package mmct.eval.runtime;
