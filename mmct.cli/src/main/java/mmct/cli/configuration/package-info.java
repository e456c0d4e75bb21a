/// From preset, file and command line to one resolved configuration.
package mmct.cli.configuration;
