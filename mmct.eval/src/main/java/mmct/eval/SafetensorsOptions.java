package mmct.eval;

/// The format has no settings.
public record SafetensorsOptions() {}
