/// Runs side by side.
package mmct.cli.comparison;
