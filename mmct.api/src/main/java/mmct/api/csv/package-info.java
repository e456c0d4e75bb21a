/// Datasets that are a table: a CSV manifest.
package mmct.api.csv;
