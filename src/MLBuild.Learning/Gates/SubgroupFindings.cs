using System.Text.Json.Serialization;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Gates;

/// <summary>In which subgroups a model's error is larger than elsewhere, tested together: of many subgroups some look
/// weak by chance.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Tested), "tested")]
[JsonDerivedType(typeof(Missing), "missing")]
public abstract record SubgroupFindings
{
    /// <summary>The chance that any subgroup is called weak though none is.</summary>
    public const double Significance = 0.05;

    private const int MostNamed = 5;

    private SubgroupFindings()
    {
    }

    /// <param name="Searched">How many subgroups had enough rows, inside and elsewhere.</param>
    /// <param name="MinRows">How many are enough.</param>
    /// <param name="Times">A subgroup is weak if its error is more than so many times that elsewhere.</param>
    /// <param name="Weak">How many are, with 95 % confidence in all of them together.</param>
    /// <param name="Worst">The five whose error is larger by the most that is certain.</param>
    public sealed record Tested(
        int Searched, long MinRows, double Times, int Weak, IReadOnlyList<WeakSubgroup> Worst) : SubgroupFindings;

    /// <param name="Reason">A clause: "3 of 100 rows have an error that is not finite".</param>
    public sealed record Missing(string Reason) : SubgroupFindings;

    /// <param name="evidence">The errors in each subgroup.</param>
    /// <param name="times">From 1.</param>
    /// <param name="minRows">From 30.</param>
    public static SubgroupFindings Of(SubgroupEvidence evidence, double times, long minRows)
    {
        if (evidence is not SubgroupEvidence.Measured { Subgroups: var all })
            return new Missing(((SubgroupEvidence.Missing)evidence).Reason);
        var tests = all.Where(subgroup => Math.Min(subgroup.Inside.Count, subgroup.Elsewhere.Count) >= minRows)
            .Select(subgroup => new SubgroupTest(subgroup, times)).ToArray();
        var adjusted = Holm.Adjust([.. tests.Select(test => test.PValue)]);
        return new Tested(tests.Length, minRows, times, adjusted.Count(p => p <= Significance),
        [
            .. tests.Select((test, i) => test.Judged(adjusted[i], Significance / tests.Length))
                .OrderByDescending(subgroup => subgroup.Difference.Lower)
                .ThenBy(subgroup => subgroup.Subgroup, StringComparer.Ordinal)
                .Take(MostNamed),
        ]);
    }
}

/// <summary>A subgroup and how much larger its error is than that elsewhere.</summary>
/// <param name="Subgroup">"trip_distance=(9, 30]".</param>
/// <param name="Error">The mean over its rows.</param>
/// <param name="ErrorElsewhere">The mean over all other rows.</param>
/// <param name="Difference">Its error minus so many times that elsewhere, with one-sided bounds that hold with 95 %
/// confidence for all searched subgroups together (Bonferroni).</param>
/// <param name="PValue">Adjusted for the number searched (Holm).</param>
public sealed record WeakSubgroup(
    string Subgroup, long Rows, double Error, double ErrorElsewhere, DifferenceInterval Difference, double PValue)
{
    /// <summary>"in trip_distance=(9, 30] it is 40 (1,234 rows) against 9 elsewhere".</summary>
    internal string Sentence =>
        $"in {Subgroup} it is {Figures.Number(Error)} ({Figures.Count(Rows, "row")}) against "
        + $"{Figures.Number(ErrorElsewhere)} elsewhere";
}

/// <summary>Welch's test of one subgroup, before it is known how many others are tested with it.</summary>
/// <remarks>Source: B. L. Welch, "The generalization of 'Student's' problem when several different population variances
/// are involved", Biometrika 34, 1947.</remarks>
internal sealed class SubgroupTest
{
    private readonly SubgroupErrors _errors;
    private readonly double _difference;
    private readonly double _standardError;
    private readonly int _degreesOfFreedom = 1;

    public SubgroupTest(SubgroupErrors errors, double times)
    {
        _errors = errors;
        _difference = errors.Inside.Mean - (times * errors.Elsewhere.Mean);
        var inside = errors.Inside.Variance / errors.Inside.Count;
        var elsewhere = times * times * errors.Elsewhere.Variance / errors.Elsewhere.Count;
        _standardError = Math.Sqrt(inside + elsewhere);
        if (_standardError > 0)
            _degreesOfFreedom = DegreesOfFreedom(inside, elsewhere);
    }

    /// <summary>The probability of a difference at least this large where there is none.</summary>
    public double PValue => _standardError > 0
        ? StudentT.Cdf(-_difference / _standardError, _degreesOfFreedom)
        : _difference > 0 ? 0 : 1;

    public WeakSubgroup Judged(double adjusted, double level)
    {
        var reach = _standardError > 0 ? -StudentT.Quantile(level, _degreesOfFreedom) * _standardError : 0;
        return new(
            _errors.Subgroup.Name, _errors.Inside.Count, _errors.Inside.Mean, _errors.Elsewhere.Mean,
            new(_difference, _difference - reach, _difference + reach), adjusted);
    }

    // Rounded down: fewer degrees are the more careful ones. Shares of the sum, whose squares cannot overflow.
    private int DegreesOfFreedom(double inside, double elsewhere)
    {
        var (one, other) = (inside / (inside + elsewhere), elsewhere / (inside + elsewhere));
        var degrees = 1 / ((one * one / (_errors.Inside.Count - 1)) + (other * other / (_errors.Elsewhere.Count - 1)));
        return (int)Math.Clamp(degrees, 1, 1_000_000);
    }
}
