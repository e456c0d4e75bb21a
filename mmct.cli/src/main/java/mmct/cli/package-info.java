/// The program's start: how its parts are put together and how failures end it.
package mmct.cli;
