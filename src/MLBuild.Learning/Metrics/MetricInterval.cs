using System.Text.Json.Serialization;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Metrics;

/// <summary>The ends between which a metric's true value lies, in its unit.</summary>
/// <param name="Confidence">How often such intervals hold the true value, about; below 1.</param>
public sealed record MetricInterval(IntervalMethod Method, double Confidence, MetricValue Low, MetricValue High)
{
    private const double Usual = 0.95;

    internal static MetricInterval Missing(IntervalMethod method, double confidence, string reason)
    {
        var end = new MetricValue.Missing(reason);
        return new(method, confidence, end, end);
    }

    internal static MetricInterval TooFew(
        IntervalMethod method, double confidence, long rows, string noun = "rows") => Missing(
        method, confidence, $"{rows} {noun} are too few for an interval, which needs {Bootstrap.LeastUnits}");

    /// <summary>That of a share of rows.</summary>
    /// <param name="all">Null or 0 rows have no share.</param>
    internal static MetricInterval OfShare(long having, long all)
    {
        if (all == 0)
            return Missing(IntervalMethod.Wilson, Usual, "there are no rows");
        var (low, high) = WilsonInterval.Of(having, all, Usual);
        return new(IntervalMethod.Wilson, Usual, MetricValue.Of(low), MetricValue.Of(high));
    }

    /// <summary>That of 2 s / (1 + s), which rises with a share s of rows.</summary>
    internal static MetricInterval OfF1(long truePositives, long wrong)
    {
        var share = OfShare(truePositives, truePositives + wrong);
        return share with { Low = F1(share.Low), High = F1(share.High) };

        static MetricValue F1(MetricValue value) => value is MetricValue.Value { Number: var number }
            ? MetricValue.Of(2 * number / (1 + number))
            : value;
    }

    /// <summary>A value ± z standard errors, no further than the metric can go.</summary>
    internal static MetricInterval Normal(
        IntervalMethod method, double value, double error, long rows, double least, double most)
    {
        if (rows < Bootstrap.LeastUnits)
            return TooFew(method, Usual, rows);
        var reach = NormalDistribution.Quantile(0.5 + (Usual / 2)) * error;
        return new(
            method, Usual, MetricValue.Of(Math.Max(least, value - reach)),
            MetricValue.Of(Math.Min(most, value + reach)));
    }

    /// <summary>The same of the logarithm of value / (1 − value), so that the ends are in 0..1 and the interval is not
    /// too short near them.</summary>
    /// <param name="rarest">Rows of the class that there are fewest of: of one row nobody knows how such rows
    /// vary.</param>
    internal static MetricInterval Logit(IntervalMethod method, double value, double logitError, long rarest)
    {
        if (rarest < Bootstrap.LeastUnits)
            return TooFew(method, Usual, rarest, "rows of the rarer class");
        if (value is not (> 0 and < 1) || !(logitError > 0))
            return Missing(method, Usual, "no row, or every row, is out of order: how far the truth is nobody can say");
        var logit = Math.Log(value / (1 - value));
        var reach = NormalDistribution.Quantile(0.5 + (Usual / 2)) * logitError;
        return new(
            method, Usual, MetricValue.Of(1 / (1 + Math.Exp(reach - logit))),
            MetricValue.Of(1 / (1 + Math.Exp(-reach - logit))));
    }
}

/// <summary>How an interval was found.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IntervalMethod>))]
public enum IntervalMethod
{
    /// <summary>From resamples of the rows: of few rows the mean of errors, whose tail is long, is not normal
    /// yet.</summary>
    Bootstrap,

    /// <summary>From the normal distribution of a mean of many rows, in constant memory; for the RMSE the ends are the
    /// roots of those of the mean squared error.</summary>
    Normal,

    /// <summary>Of a share of rows: <see cref="WilsonInterval"/>. For F1, which is 2 s / (1 + s) of the share s of true
    /// positives among the rows that are positive or called so, the ends of s.</summary>
    Wilson,

    /// <summary>From the ranks of the scores of both classes, for the area under the ROC curve, on the scale of its
    /// logit. E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson, "Comparing the areas under two or more correlated
    /// receiver operating characteristic curves", Biometrics 44, 1988; the logit as in M. S. Pepe, The Statistical
    /// Evaluation of Medical Tests, 2003, section 5.2.</summary>
    DeLong,

    /// <summary>Of the average precision of so many positive rows, on the scale of its logit. K. Boyd, K. Eng,
    /// C. D. Page, "Area under the precision-recall curve: point estimates and confidence intervals", ECML PKDD 2013,
    /// section 3.2.</summary>
    Logit,

    /// <summary>From the counts or means that a metric is made of, by its slopes in them (the delta method: A. W. van
    /// der Vaart, Asymptotic Statistics, 1998, chapter 3).</summary>
    Delta,
}
