/// The table of operators, and the graph that they are converted into.
package mmct.eval.onnx.convert;
