package test.faulty;

import mmct.api.config.Setting;

/// Options of all providers.
public record Options(@Setting(value = "What goes wrong.", byDefault = "none") String fault) {}
