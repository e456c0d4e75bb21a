/// Jars that users drop into a folder.
package mmct.cli.plugin;
