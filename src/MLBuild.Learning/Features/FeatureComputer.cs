namespace MLBuild.Learning.Features;

/// <summary>Features ready to be computed: the functions, with what training rows told. Safe to use from several
/// threads at once.</summary>
public sealed class FeatureComputer<TRow>
{
    private readonly Func<TRow, float>[] _features;

    internal FeatureComputer(Func<TRow, float>[] features) => _features = features;

    /// <summary>Computes every feature of a row that was not fitted on, in order.</summary>
    /// <exception cref="ArgumentException"><paramref name="into"/> has not one place for each feature.</exception>
    public void Compute(TRow row, Span<float> into)
    {
        DemandRoom(_features.Length, into.Length);
        for (var i = 0; i < _features.Length; i++)
            into[i] = _features[i](row);
    }

    internal static void DemandRoom(int width, int room)
    {
        if (room != width)
            throw new ArgumentException($"There are {width} features, but room for {room}.", "into");
    }
}
