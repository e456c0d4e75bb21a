/// Providers that break their contracts in the way that their option `fault` says.
module test.faulty {
  requires mmct.api;

  exports test.faulty;

  provides mmct.api.spi.DatasetProvider with
      test.faulty.Data;
  provides mmct.api.spi.ModalityProvider with
      test.faulty.Numbers;
  provides mmct.api.spi.LossProvider with
      test.faulty.Attraction;
  provides mmct.api.spi.PositivesProvider with
      test.faulty.Rule;
  provides mmct.api.spi.EvaluatorProvider with
      test.faulty.Judge;
  provides mmct.api.spi.ExporterProvider with
      test.faulty.Writer;
}
