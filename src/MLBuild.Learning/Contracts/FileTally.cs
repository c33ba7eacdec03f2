using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>What is measured of one file. While rows come, each column is counted as exactly as can be; a file that
/// rests keeps its statistics, and of its columns only what can be merged in little memory.</summary>
internal sealed class FileTally<TRow>(string? content, int rules, Func<ColumnTally<TRow>[]> start)
    where TRow : class, new()
{
    private ColumnTally<TRow>[]? _open;
    private ColumnTally<TRow>[]? _rested;
    private ColumnStatistics[]? _statistics;

    public string? Content => content;

    /// <summary>For each rule, rows that break it.</summary>
    public long[] Broken { get; } = new long[rules];

    public long RowsSeen { get; set; }

    public long RowsAccepted { get; set; }

    public bool IsOpen => _open is not null;

    /// <summary>The columns to add rows to.</summary>
    public ColumnTally<TRow>[] Columns => _open ??= start();

    /// <summary>Adds what came since the file rested last, and lets it rest.</summary>
    public void Rest(ColumnTally<TRow>[] total)
    {
        if (_open is not { } open)
            return;
        AddTo(total);
        _statistics = Complete();
        if (_rested is null)
            _rested = open;
        else
        {
            foreach (var (rested, column) in _rested.Zip(open))
                rested.Merge(column);
        }
        foreach (var column in _rested)
            column.Shrink();
        _open = null;
    }

    /// <summary>Adds what came since the file rested last.</summary>
    public void AddTo(ColumnTally<TRow>[] total)
    {
        foreach (var (sum, column) in total.Zip(_open ?? []))
            sum.Merge(column);
    }

    public ColumnStatistics[] Complete()
    {
        if (_open is null)
            return _statistics ?? [.. start().Select(column => column.Complete())];
        if (_rested is null)
            return [.. _open.Select(column => column.Complete())];
        var all = _rested.Select(column => column.Copy()).ToArray();
        AddTo(all);
        return [.. all.Select(column => column.Complete())];
    }
}
