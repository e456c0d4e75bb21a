/// The folder of a run: configuration, metrics, checkpoints.
package mmct.api.run;
