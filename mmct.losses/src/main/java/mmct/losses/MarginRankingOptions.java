package mmct.losses;

import mmct.api.config.Setting;

/// Options of `margin-ranking`.
public record MarginRankingOptions(
    @Setting(
            value = "Margin α by which the own key must be nearer than any other.",
            byDefault = "0.2",
            above = 0,
            max = 2)
        double margin,
    @Setting(
            value = "How the rows that a query is compared with are put together; the paper sums.",
            byDefault = "sum")
        MarginRanking.Reduction reduction,
    @Setting(
            value =
                "Whether, instead of queries and the queue, the rows of the batch are compared in"
                    + " both directions (VSE++).",
            byDefault = "false")
        boolean twoWay) {}
