/// How operators are added to the ONNX exporter: a converter sees one call of a traced pass and
/// emits the nodes that compute the same.
package mmct.eval.onnx.spi;
