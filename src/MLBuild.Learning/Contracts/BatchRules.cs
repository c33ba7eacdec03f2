using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>Asks the row rules about batches: those that can look at columns first, then those that need a row, which
/// all share it.</summary>
/// <param name="rules">In the order of the contract.</param>
/// <param name="broken">Is told of each rule that a row breaks.</param>
internal sealed class BatchRules<TRow>(RuleTally<TRow>[] rules, Action<int, RowSource> broken)
    where TRow : class, new()
{
    // So many rows and their values stay in the cache of a core while the rules look at them.
    private const int BlockRows = 256;

    private readonly TRow[] _rows = [.. Enumerable.Range(0, BlockRows).Select(_ => new TRow())];
    private readonly List<int> _needRows = [];
    private bool[] _marks = [];
    private bool[] _keep = [];

    // The first rule that sets each row aside.
    private int[] _first = [];

    /// <summary>Counts what breaks rules.</summary>
    /// <returns>One for each row: false where a rule sets it aside.</returns>
    public ReadOnlySpan<bool> Check(RowBatch<TRow> batch, Action<BrokenRow>? setAside)
    {
        if (_first.Length < batch.Count)
            (_first, _keep) = (new int[batch.Count], new bool[batch.Count]);
        var first = _first.AsSpan(0, batch.Count);
        var keep = _keep.AsSpan(0, batch.Count);
        first.Fill(rules.Length);
        _needRows.Clear();
        for (var rule = 0; rule < rules.Length; rule++)
        {
            var marks = Marks(batch.Count);
            if (!rules[rule].Rule.TryMark(batch, marks))
            {
                _needRows.Add(rule);
                continue;
            }
            for (int from = 0, next; (next = marks[from..].IndexOf(true)) >= 0; from += next + 1)
                Broken(rule, batch, from + next);
        }
        for (var start = 0; start < batch.Count && _needRows.Count > 0; start += BlockRows)
            CheckRows(batch, start, Math.Min(BlockRows, batch.Count - start));

        for (var i = 0; i < first.Length; i++)
        {
            keep[i] = first[i] == rules.Length;
            if (!keep[i] && setAside is not null)
            {
                var (source, rule) = (batch.Source(i), rules[first[i]].Rule);
                setAside(new(source.File, source.Line, rule.Name, rule.Values(batch.Row(i))));
            }
        }
        return keep;
    }

    /// <summary>Clear marks for so many rows, valid until the next ones are asked for.</summary>
    public Span<bool> Marks(int count)
    {
        if (_marks.Length < count)
            _marks = new bool[count];
        var marks = _marks.AsSpan(0, count);
        marks.Clear();
        return marks;
    }

    private void CheckRows(RowBatch<TRow> batch, int start, int length)
    {
        foreach (var column in batch.Columns)
            column.Give(start, _rows.AsSpan(0, length));
        foreach (var rule in _needRows)
        {
            var i = 0;
            try
            {
                for (; i < length; i++)
                {
                    if (rules[rule].Rule.Breaks(_rows[i], batch.Source(start + i)))
                        Broken(rule, batch, start + i);
                }
            }
            catch (Exception fault)
            {
                throw rules[rule].Blamed(batch.Source(start + i), fault);
            }
        }
    }

    private void Broken(int rule, RowBatch<TRow> batch, int index)
    {
        rules[rule].Count(batch, index);
        broken(rule, batch.Source(index));
        if (rules[rule].Rule.SetsAside)
            _first[index] = Math.Min(_first[index], rule);
    }
}
