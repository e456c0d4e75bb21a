/// Runs a block on arrays that write down what is done with them.
package mmct.eval.onnx.trace;
