using System.Collections.Immutable;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>Compares the header of each file with the columns of the row type.</summary>
internal sealed class HeaderTally<TRow>(Contract<TRow> contract)
    where TRow : class, new()
{
    private readonly List<HeaderDifference> _differences = [];
    private readonly Dictionary<string, int> _without = new(StringComparer.Ordinal);

    public void Add(string file, IReadOnlyList<string> header)
    {
        var columns = contract.Columns.Select(column => column.Name).ToArray();
        var difference = new HeaderDifference(
            file,
            Extra: [.. header.Except(columns).Except(contract.ExtraColumns)],
            Missing: [.. columns.Except(header).Except(contract.AbsentColumns)],
            Repeated: [.. header.GroupBy(name => name).Where(same => same.Count() > 1).Select(same => same.Key)]);
        foreach (var column in columns.Except(header))
            _without[column] = _without.GetValueOrDefault(column) + 1;
        if (difference is not { Extra: [], Missing: [], Repeated: [] })
            _differences.Add(difference);
    }

    public bool IsDifferent(string file) => _differences.Any(difference => difference.File == file);

    /// <summary>How many files do not have a column.</summary>
    public int FilesWithout(string column) => _without.GetValueOrDefault(column);

    public HeaderReport Complete() => new(
        contract.HeaderSeverity,
        contract.HeaderSeverity.Verdict(holds: _differences.Count == 0),
        [.. _differences.OrderBy(difference => difference.File, StringComparer.Ordinal)]);
}
