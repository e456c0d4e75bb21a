/// From a dataset to batches of views: worker threads draw ahead of the step, and what comes out is
/// the same for any number of them.
package mmct.api.training.data;
