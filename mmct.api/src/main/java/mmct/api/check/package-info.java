/// Looking a dataset over before a run: everything is read once and counted.
package mmct.api.check;
