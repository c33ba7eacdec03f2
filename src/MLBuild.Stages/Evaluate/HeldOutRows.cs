using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Features;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tables;
using MLBuild.Store;

namespace MLBuild.Stages.Evaluate;

/// <summary>The held-out rows, for versions that see in them something else than today's feature table has: what a
/// fitted feature says of a row is what the version's own training rows told.</summary>
internal interface IHeldOutRows : IDisposable
{
    /// <summary>On which features a registered version is scored.</summary>
    /// <exception cref="ChampionException">What it was registered with cannot be read.</exception>
    /// <exception cref="ArgumentException">The definition is not the one whose features are in the table.</exception>
    RivalFeatures FeaturesOf(Champion.Serving version);

    /// <summary>Computes the features of a row of the sample.</summary>
    void Compute(OwnFeatures features, HoldOutSample sample, int row);

    /// <summary>Begins to read all rows. They are not read where no version has features of its own.</summary>
    void Begin(IEnumerable<RivalFeatures> versions);

    /// <summary>Computes these versions' own features of the next row.</summary>
    /// <param name="key">The row's, as the feature table has it.</param>
    void MoveNext(string key);
}

/// <inheritdoc/>
/// <remarks>Versions that were fitted on the same rows share a state. In memory are the states of those that are scored
/// on all rows, five at most, and of one that is tried on the sample.</remarks>
internal sealed class HeldOutRows<TRow>(StageRun run, ModelDefinition<TRow> definition) : IHeldOutRows
    where TRow : class, new()
{
    // Of a version that is not likely to be the best nothing is to stay in memory.
    private readonly Dictionary<ContentHash, WeakReference<OwnFeatures>> _fits = [];
    private TRow[]? _sample;
    private OwnFeatures[] _read = [];
    private IEnumerator<SourceRow<TRow>>? _rows;

    // Where a version's features are computed.
    private TRow _row = new();

    public RivalFeatures FeaturesOf(Champion.Serving version)
    {
        if (version.Attachments.GetValueOrDefault(FeaturesStage.Code) != run.InputFile(FeaturesStage.Code).Hash)
            return new RivalFeatures.OfOtherCode(RecipeDiff.Sentence(RecipeDiff.Between(
                Recipe.Parse(File.ReadAllText(version.Open(run, FeaturesStage.Code))), TodaysCode())));
        // Where the code is the same, a version without a state is one whose features need none.
        if (!version.Attachments.TryGetValue(FeaturesStage.State, out var state)
            || state == run.InputFile(FeaturesStage.State).Hash)
            return new RivalFeatures.Todays();
        if (_fits.TryGetValue(state, out var known) && known.TryGetTarget(out var fit))
            return new RivalFeatures.Own(fit);
        if (_fits.Count == 0)
            DemandTodaysCode();
        var own = Of(definition.Features.Using(version.State(run, definition.Features)));
        _fits[state] = new(own);
        return new RivalFeatures.Own(own);
    }

    public void Compute(OwnFeatures features, HoldOutSample sample, int row)
    {
        _sample ??= Draw(sample.Positions);
        _row = _sample[row];
        features.Compute();
    }

    public void Begin(IEnumerable<RivalFeatures> versions)
    {
        _read = [.. versions.OfType<RivalFeatures.Own>().Select(own => own.Features).Distinct()];
        _rows = _read is [] ? null : Rows().GetEnumerator();
    }

    public void MoveNext(string key)
    {
        if (_rows is null)
            return;
        // Both tables have the held-out rows in one order.
        if (!_rows.MoveNext() || definition.Key(_rows.Current.Row).ToString() != key)
            throw new InvalidOperationException(
                $"BUG: '{FeaturesStage.HoldOut}' and '{SplitStage.HoldOut}' have other rows.");
        _row = _rows.Current.Row;
        foreach (var features in _read)
            features.Compute();
    }

    public void Dispose() => _rows?.Dispose();

    private OwnFeatures Of(FeatureComputer<TRow> computer)
    {
        var values = new float[computer.Width];
        return new(values, () => computer.Compute(_row, values));
    }

    private TRow[] Draw(long[] positions)
    {
        var rows = new TRow[positions.Length];
        var drawn = 0;
        foreach (var (at, row) in Rows().Index())
        {
            FeaturesStage.Watch(run, at);
            if (drawn == positions.Length)
                break;
            if (positions[drawn] == at)
                rows[drawn++] = row.Row;
        }
        return rows;
    }

    private RowTable<TRow> Rows() => RowTable.Read<TRow>(run.Input(SplitStage.HoldOut));

    private Recipe TodaysCode() => Recipe.Parse(File.ReadAllText(run.Input(FeaturesStage.Code)));

    // A state is understood by the code that it was fitted with alone.
    private void DemandTodaysCode()
    {
        var (computed, here) = (TodaysCode(), FeatureCode.Of(definition));
        if (computed.Fingerprint != here.Fingerprint)
            throw new ArgumentException(
                $"The features that the evaluation was given with the definition of '{definition.Name}' are not those "
                + $"in '{FeaturesStage.HoldOut}': {RecipeDiff.Sentence(RecipeDiff.Between(computed, here))}. Give "
                + "the stages that compute features and that evaluate one ModelDefinition.");
    }
}

/// <summary>The features of one held-out row after the other, computed with what a version's own training rows
/// told.</summary>
/// <param name="values">Where <paramref name="compute"/> puts them.</param>
internal sealed class OwnFeatures(float[] values, Action compute)
{
    /// <summary>Of the row that was computed last.</summary>
    public ReadOnlySpan<float> Values => values;

    public void Compute() => compute();
}
