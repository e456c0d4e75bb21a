package mmct.api.training.data;

/// A cell that could not be read.
///
/// @param sample the sample's id
/// @param modality the modality's name
/// @param reason one sentence that names the file
public record BrokenCell(String sample, String modality, String reason) {}
