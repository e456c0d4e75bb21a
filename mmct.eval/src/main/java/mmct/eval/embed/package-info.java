/// Features of whole datasets as files: written as they come, whole or not at all, and gone on with
/// where a killed process has stopped.
package mmct.eval.embed;
