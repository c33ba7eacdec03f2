using System.Globalization;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Drift;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Gates;

/// <summary>Gathers a model's errors in every subgroup that one feature makes: the bins of its training profile, which
/// are quantiles of a numeric feature and the categories of another. Memory is bounded by the profile, not by the
/// rows.</summary>
/// <remarks>The bins come from training rows, so where they are owes nothing to the errors that are counted in
/// them.</remarks>
public sealed class SubgroupSearch
{
    // A feature of categories that is all different has its texts made anew from here on.
    private const int MostRemembered = 100_000;

    private readonly FeatureProfile[] _profiles;
    private readonly Func<float, int>[] _binOf;
    private readonly RunningMoments[][] _errors;
    private long _rows;
    private long _nonFiniteCount;

    /// <param name="training">The profile of each feature, in the order of the features.</param>
    public SubgroupSearch(IEnumerable<FeatureProfile> training)
    {
        _profiles = [.. training];
        _binOf = [.. _profiles.Select(BinOf)];
        _errors =
        [
            .. _profiles.Select(profile => Enumerable.Range(0, profile.BinCount).Select(_ => new RunningMoments())
                .ToArray()),
        ];
    }

    /// <param name="features">Of one row, in the order of the profiles; NaN where a value is absent.</param>
    /// <param name="error">The model's on this row, from 0: its squared error.</param>
    public void Add(ReadOnlySpan<float> features, double error)
    {
        if (features.Length != _profiles.Length)
            throw new ArgumentException(
                $"The row has {Figures.Count(features.Length, "feature")}, the training profile {_profiles.Length}. "
                + "Profile the features that the model takes.");
        _rows++;
        if (!double.IsFinite(error))
        {
            _nonFiniteCount++;
            return;
        }
        for (var i = 0; i < features.Length; i++)
            _errors[i][_binOf[i](features[i])].Add(error);
    }

    public SubgroupEvidence Complete()
    {
        if (_rows == 0)
            return new SubgroupEvidence.Missing("there are no rows");
        if (_nonFiniteCount > 0)
            return new SubgroupEvidence.Missing($"{_nonFiniteCount} of {_rows} rows have an error that is not finite");
        var subgroups = _profiles.Zip(_errors).SelectMany(feature => Of(feature.First, feature.Second)).ToArray();
        return subgroups.All(subgroup => IsFinite(subgroup.Inside) && IsFinite(subgroup.Elsewhere))
            ? new SubgroupEvidence.Measured(subgroups)
            : new SubgroupEvidence.Missing("the errors are too large to compare");
    }

    private static IEnumerable<SubgroupErrors> Of(FeatureProfile profile, RunningMoments[] errors)
    {
        // Added up from both ends: taking a bin away from the whole would leave what rounding makes of it.
        var after = new RunningMoments[errors.Length + 1];
        after[^1] = new();
        for (var bin = errors.Length - 1; bin >= 0; bin--)
            after[bin] = Sum(errors[bin], after[bin + 1]);
        var before = new RunningMoments();
        for (var bin = 0; bin < errors.Length; bin++)
        {
            if (errors[bin].Count > 0)
                yield return new(
                    Slice.Of(profile.Name, profile.BinLabel(bin)), errors[bin], Sum(before, after[bin + 1]));
            before.Merge(errors[bin]);
        }
    }

    private static RunningMoments Sum(RunningMoments one, RunningMoments other)
    {
        var sum = new RunningMoments();
        sum.Merge(one);
        sum.Merge(other);
        return sum;
    }

    private static Func<float, int> BinOf(FeatureProfile profile)
    {
        switch (profile)
        {
            case NumericProfile numeric:
                return value => numeric.BinOf(float.IsNaN(value) ? null : value);
            case CategoricalProfile categorical:
                var binsByName = CategoricalProfile.BinsByName(categorical.Categories);
                var known = new Dictionary<float, int>();
                return value =>
                {
                    if (known.TryGetValue(value, out var bin))
                        return bin;
                    // As the profile has it: the code without decimals.
                    bin = CategoricalProfile.BinOf(
                        float.IsNaN(value) ? null : value.ToString("0", CultureInfo.InvariantCulture), binsByName);
                    if (known.Count < MostRemembered)
                        known[value] = bin;
                    return bin;
                };
            default:
                throw new InvalidOperationException($"BUG: unknown profile {profile.GetType().Name}.");
        }
    }

    private static bool IsFinite(RunningMoments errors) =>
        double.IsFinite(errors.Mean) && double.IsFinite(errors.SumOfSquares);
}
