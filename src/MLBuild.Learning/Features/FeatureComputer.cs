namespace MLBuild.Learning.Features;

/// <summary>Features ready to be computed: the functions, with what training rows told. Safe to use from several
/// threads at once.</summary>
public sealed class FeatureComputer<TRow>
{
    private readonly (int Width, FeatureValues<TRow> Of)[] _features;

    internal FeatureComputer((int Width, FeatureValues<TRow> Of)[] features) =>
        (_features, Width) = (features, features.Sum(feature => feature.Width));

    /// <summary>The number of features.</summary>
    public int Width { get; }

    /// <summary>Computes every feature of a row that was not fitted on, in order.</summary>
    /// <exception cref="ArgumentException"><paramref name="into"/> has not one place for each feature.</exception>
    public void Compute(TRow row, Span<float> into)
    {
        DemandRoom(Width, into.Length);
        var at = 0;
        foreach (var (width, of) in _features)
        {
            of(row, into.Slice(at, width));
            at += width;
        }
    }

    internal static void DemandRoom(int width, int room)
    {
        if (room != width)
            throw new ArgumentException($"There are {width} features, but room for {room}.", "into");
    }
}
