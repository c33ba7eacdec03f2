using MLBuild.Learning.Contracts;
using MLBuild.Learning.Gates;
using MLBuild.Learning.Models;

namespace MLBuild.Stages.Evaluate;

/// <summary>Counts the rows of each subgroup that a model was trained on: one that the hold-out has lost was not
/// judged.</summary>
/// <param name="names">Of the declared groups.</param>
internal sealed class TrainedGroups(IReadOnlyList<string> names)
{
    /// <summary>A group of more values are not a few subgroups but names of rows. Each is measured apart, and is a line
    /// of the report.</summary>
    public const int MostSubgroups = 1_000;

    private readonly Dictionary<string, long>[] _rows =
        [.. names.Select(_ => new Dictionary<string, long>(StringComparer.Ordinal))];

    /// <param name="groups">For each group, one text for each row.</param>
    /// <param name="row">Which of them.</param>
    /// <exception cref="TrainingDataException">A group has too many values.</exception>
    public void Add(string[][] groups, int row)
    {
        for (var group = 0; group < _rows.Length; group++)
        {
            var value = groups[group][row];
            if (!_rows[group].TryGetValue(value, out var rows) && _rows[group].Count == MostSubgroups)
                throw new TrainingDataException(
                    $"Group '{names[group]}' has more than {Figures.Count(MostSubgroups)} subgroups among the training "
                    + "rows, expected a few that are looked at apart. Group by something coarser.");
            _rows[group][value] = rows + 1;
        }
    }

    /// <summary>The subgroups of so many training rows of which no row is held out.</summary>
    public Slice[] Lost(IEnumerable<MeasuredSlice> heldOut, long minRows)
    {
        var known = heldOut.Select(slice => slice.Slice).ToHashSet();
        return
        [
            .. names.SelectMany((name, group) => _rows[group]
                .Where(value => value.Value >= minRows)
                .OrderBy(value => value.Key, StringComparer.Ordinal)
                .Select(value => Slice.Of(name, value.Key)))
                .Where(slice => !known.Contains(slice)),
        ];
    }
}
