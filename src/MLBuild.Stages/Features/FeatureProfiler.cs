using System.Globalization;
using MLBuild.Learning.Drift;
using MLBuild.Learning.Features;

namespace MLBuild.Stages.Features;

/// <summary>What is kept of a model's training rows, and of its scores, to compare later ones with.</summary>
public sealed record ModelProfile(IReadOnlyList<FeatureProfile> Features);

/// <summary>Profiles feature rows as they stream by. A categorical feature's code is profiled as text.</summary>
public sealed class FeatureProfiler
{
    private readonly Action<float>[] _add;
    private readonly Action<string>[] _addWord;
    private readonly Func<FeatureProfile>[] _build;

    /// <param name="meanings">By feature.</param>
    public FeatureProfiler(FeatureSchema schema, IEnumerable<FeatureMeaning> meanings)
    {
        var options = new ProfileOptions();
        _addWord = new Action<string>[schema.Width];
        (_add, _build) = (new Action<float>[schema.Width], new Func<FeatureProfile>[schema.Width]);
        foreach (var (i, (column, meaning)) in schema.Columns.Zip(meanings).Index())
        {
            switch (column.Kind)
            {
                case FeatureKind.Numeric:
                    var numeric = new NumericProfileBuilder(column.Name, FeatureRole.Feature, options)
                    { Text = meaning.Text };
                    _addWord[i] = numeric.AddWord;
                    (_add[i], _build[i]) = (value => numeric.Add(Number(value)), numeric.Build);
                    break;
                case FeatureKind.Categorical:
                    var categorical = new CategoricalProfileBuilder(column.Name, FeatureRole.Feature, options)
                    { Values = meaning.Values };
                    (_add[i], _build[i]) = (value => categorical.Add(Code(value)), categorical.Build);
                    break;
                default:
                    throw new InvalidOperationException($"BUG: unknown feature kind {column.Kind}.");
            }
        }
    }

    public void Add(ReadOnlySpan<float> features)
    {
        for (var i = 0; i < _add.Length; i++)
            _add[i](features[i]);
    }

    /// <summary>Counts a row that has the word, which counts in the feature.</summary>
    public void AddWord(int feature, string word) => _addWord[feature](word);

    public ModelProfile Build() => new([.. _build.Select(build => build())]);

    internal static double? Number(float value) => float.IsNaN(value) ? null : value;

    internal static string? Code(float value) =>
        float.IsNaN(value) ? null : value.ToString("0", CultureInfo.InvariantCulture);
}
