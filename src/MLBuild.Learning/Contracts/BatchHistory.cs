using System.Collections.Immutable;

namespace MLBuild.Learning.Contracts;

/// <summary>Compares files with the accepted ones before them. A refused file is in no history, and a later file says
/// nothing of an earlier one.</summary>
internal sealed class BatchHistory(
    ImmutableArray<HistoryCheck> checks, HistoryOptions options, ImmutableSortedDictionary<string, string> beginnings)
{
    /// <param name="files">In the order of their names.</param>
    /// <param name="earlier">The accepted files of earlier runs, none of which is among these.</param>
    public (IReadOnlyList<FileReport> Files, IReadOnlyList<HistoryReport> Comparisons) Judge(
        IReadOnlyList<FileReport> files, ContractHistory earlier)
    {
        var accepted = earlier;
        var (judged, comparisons) = (new List<FileReport>(), new List<HistoryReport>());
        foreach (var file in files)
        {
            var record = file.Record();
            var before = Before(accepted, file.File);
            var found = checks
                .Select(check => check.Judge(record, before, options, options.FalseAlarms / checks.Length))
                .ToArray();
            comparisons.AddRange(found);
            var faults = file.Faults.Concat(found
                .Where(comparison => comparison.Verdict == CheckVerdict.Failed)
                .Select(CheckNames.Of));
            judged.Add(file with { Faults = [.. faults] });
            if (judged[^1].Faults.Count == 0)
                accepted = accepted.With([record]);
        }
        return (judged, comparisons);
    }

    private BatchRecord[] Before(ContractHistory accepted, string file)
    {
        var beginning = beginnings.Keys.LastOrDefault(name => string.CompareOrdinal(name, file) <= 0) ?? "";
        return
        [
            .. accepted.Batches
                .Where(batch => string.CompareOrdinal(batch.Name, file) < 0
                    && string.CompareOrdinal(batch.Name, beginning) >= 0)
                .TakeLast(options.MostBatches),
        ];
    }
}
