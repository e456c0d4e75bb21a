package org.example.lines;

import mmct.api.config.Setting;

/// Options of the evaluator.
public record MarginOptions(
    @Setting("The modality whose items look for a partner.") String query,
    @Setting("The modality of the partners.") String key,
    @Setting("The space in which they are compared.") String space) {}
