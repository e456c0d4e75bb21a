/// What is shown while the program works.
package mmct.cli.terminal;
