package mmct.vision;

/// The format has no settings.
public record Detectron2Options() {}
