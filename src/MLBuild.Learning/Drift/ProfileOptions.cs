namespace MLBuild.Learning.Drift;

/// <summary>How much of the reference data a profile keeps.</summary>
public sealed record ProfileOptions
{
    /// <summary>Quantile bins of a numeric feature. 2..100, default 10. More bins see finer changes and need more
    /// rows.</summary>
    public int Bins { get; init; } = 10;

    /// <summary>Categories kept by name, the most frequent first; the rest is one bin. 1..10 000, default
    /// 1000.</summary>
    public int MaxCategories { get; init; } = 1000;

    /// <summary>Rows held in memory for each feature while a profile is built. 1000..10 000 000, default 100 000. Of
    /// more rows a sample of half to all of this many is profiled.</summary>
    public int SampleRows { get; init; } = 100_000;

    /// <exception cref="ArgumentException">A member is out of its range; all of them are named.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        Check(nameof(Bins), Bins, 2, 100);
        Check(nameof(MaxCategories), MaxCategories, 1, 10_000);
        Check(nameof(SampleRows), SampleRows, 1000, 10_000_000);
        if (faults.Count > 0)
            throw new ArgumentException($"ProfileOptions: {string.Join("; ", faults)}.");

        void Check(string name, int value, int least, int most)
        {
            if (value < least || value > most)
                faults.Add($"{name} is {value}, expected {least}..{most}");
        }
    }
}
