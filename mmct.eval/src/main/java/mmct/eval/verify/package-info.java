/// Whether files are as they were written.
package mmct.eval.verify;
