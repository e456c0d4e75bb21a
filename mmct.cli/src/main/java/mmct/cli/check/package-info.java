/// Reading a dataset once, to tell what is in it and what is wrong with it.
package mmct.cli.check;
