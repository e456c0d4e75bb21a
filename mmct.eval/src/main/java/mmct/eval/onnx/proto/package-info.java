/// The binary form of ONNX files, which is that of Protocol Buffers.
package mmct.eval.onnx.proto;
