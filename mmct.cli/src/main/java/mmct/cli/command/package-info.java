/// The commands, one class each.
package mmct.cli.command;
