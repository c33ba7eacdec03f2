using System.Diagnostics.CodeAnalysis;
using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tables;

/// <summary>A file of rows: its columns, and as many passes over its rows as are wanted, each in bounded memory.
/// Nothing is skipped silently: what is not a row is a <see cref="RowFault"/>.</summary>
public abstract class RowFile<TRow>(string name)
    where TRow : class, new()
{
    /// <summary>What faults and messages call it.</summary>
    public string Name => name;

    /// <summary>All columns that the file has, in its order.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>Begins a pass over the rows.</summary>
    public abstract RowPass<TRow> Begin(PassOptions<TRow> options);

    /// <summary>The rows and faults one by one, in the file's order.</summary>
    /// <exception cref="TableException">The file has changed and is no longer such a table.</exception>
    public IEnumerable<FileRow<TRow>> Lines()
    {
        var faults = new Queue<RowFault>();
        using var pass = Begin(new() { Fault = faults.Enqueue });
        while (pass.Next())
        {
            for (var i = 0; i < pass.Batch.Count; i++)
            {
                while (faults.TryPeek(out var fault) && fault.Line < pass.Batch.Lines[i])
                    yield return new(fault.Line, null, faults.Dequeue());
                yield return new(pass.Batch.Lines[i], pass.Batch.Row(i), null);
            }
        }
        while (faults.TryDequeue(out var fault))
            yield return new(fault.Line, null, fault);
    }
}

/// <summary>What a pass over a file is to read.</summary>
public sealed record PassOptions<TRow>
{
    /// <summary>Called for each line that is no row, in the file's order.</summary>
    public Action<RowFault> Fault { get; init; } = _ => { };

    /// <summary>The columns to read; null, the default, means all. A line whose only fault is in another column counts
    /// as a row then.</summary>
    public IReadOnlyCollection<Column<TRow>>? Columns { get; init; }

    /// <summary>False for a line that is not to be read, and of which no fault is to be told.</summary>
    public Func<long, bool> Wants { get; init; } = _ => true;

    internal bool Reads(Column<TRow> column) => Columns?.Contains(column) ?? true;
}

/// <summary>One pass over a file's rows. Not for several threads at once.</summary>
public abstract class RowPass<TRow> : IDisposable
    where TRow : class, new()
{
    /// <summary>The rows that <see cref="Next"/> read.</summary>
    public RowBatch<TRow> Batch { get; } = new();

    /// <summary>Reads the next rows into <see cref="Batch"/>, in place of those that were there.</summary>
    /// <returns>False when there are no more.</returns>
    /// <exception cref="TableException">The file cannot be read on.</exception>
    public abstract bool Next();

    public abstract void Dispose();
}

/// <summary>What a file holds on one line: a row, or the reason why there is none.</summary>
public readonly record struct FileRow<TRow>(long Line, TRow? Row, RowFault? Fault)
    where TRow : class
{
    [MemberNotNullWhen(true, nameof(Row))]
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsGood => Row is not null;
}
