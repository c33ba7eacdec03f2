namespace MLBuild.Learning.Metrics;

/// <summary>The logarithmic loss of one row in nats, −ln of the probability that was given to what happened.</summary>
internal static class LogLoss
{
    /// <summary>The least probability that counts, 2⁻²⁴: a model's scores are of single precision, which knows no
    /// number between 1 − 2⁻²⁴ and 1. A 0 for what happened is what rounding left, and one such row must not make a
    /// model that cannot be compared. No row loses more than 16.6 nats, and whoever sums losses counts the rows that
    /// lose so much: they are not hidden.</summary>
    public const double Clip = 1.0 / (1 << 24);

    /// <summary>The loss where it happened.</summary>
    public static double OfEvent(double probability) => -Math.Log(Math.Max(probability, Clip));

    /// <summary>The loss where it did not happen, −ln(1 − probability), accurate also where 1 − probability rounds to
    /// 1.</summary>
    /// <remarks>As probability · ln(u) / (u − 1) with u the rounded 1 − probability: that quotient changes slowly, so
    /// the rounding hardly matters to it. Goldberg, "What every computer scientist should know about floating-point
    /// arithmetic", ACM Computing Surveys 23, 1991, theorem 4.</remarks>
    public static double OfNoEvent(double probability)
    {
        var rest = 1 - probability;
        return rest switch
        {
            1 => probability,
            <= Clip => -Math.Log(Clip),
            _ => Math.Log(rest) * (probability / (rest - 1)),
        };
    }

    /// <summary>True of a loss that the clip has made smaller, or that is as large.</summary>
    public static bool IsClipped(double loss) => loss >= -Math.Log(Clip);
}
