using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>A fault that a row can have, and how many rows may have it.</summary>
/// <param name="Tolerance">The largest share of all rows, 0..1 inclusive, with which the data set still keeps the
/// rule.</param>
/// <param name="Columns">The columns that show a reader the fault in an example row.</param>
internal abstract record RowRule<TRow>(
    string Name, double Tolerance, Severity Severity, IReadOnlyList<Column<TRow>> Columns)
    where TRow : class, new()
{
    /// <summary>True if a row with the fault leaves the data set. Of a warning it stays: it is only
    /// counted.</summary>
    public virtual bool SetsAside => Severity == Severity.Fail;

    /// <summary>True for a row that has the fault.</summary>
    public abstract bool Breaks(TRow row, RowSource source);

    /// <summary>Marks the rows of a batch that have the fault.</summary>
    /// <returns>False where only <see cref="Breaks"/> can tell.</returns>
    public virtual bool TryMark(RowBatch<TRow> batch, Span<bool> broken) => false;

    /// <summary>The columns that show the fault in this row.</summary>
    public virtual IEnumerable<Column<TRow>> Shows(TRow row) => Columns;

    /// <summary>The rule with its own state, where it has one.</summary>
    public virtual RowRule<TRow> ForOneCheck() => this;

    /// <summary>The rule for data without some columns; null where there is nothing left to say.</summary>
    public virtual RowRule<TRow>? Without(IReadOnlySet<string> absent) =>
        Columns.Any(column => absent.Contains(column.Name)) ? null : this;

    public IReadOnlyList<ShownValue> Values(TRow row) =>
        [.. Shows(row).Select(column => new ShownValue(column.Name, column.Text(row)))];

    /// <summary>A fault that C# finds.</summary>
    public sealed record Predicate(
        string Name,
        double Tolerance,
        Severity Severity,
        IReadOnlyList<Column<TRow>> Columns,
        Func<TRow, RowSource, bool> IsBroken)
        : RowRule<TRow>(Name, Tolerance, Severity, Columns)
    {
        public override bool Breaks(TRow row, RowSource source) => IsBroken(row, source);
    }

    /// <summary>The built-in rule: NaN and infinities are no values, they would spoil every mean and every
    /// model.</summary>
    public sealed record Finite(double Tolerance, Severity Severity, IReadOnlyList<Column<TRow>> Columns)
        : RowRule<TRow>("a number is not finite", Tolerance, Severity, Columns)
    {
        public override bool SetsAside => true;

        public override RowRule<TRow> Without(IReadOnlySet<string> absent) =>
            this with { Columns = [.. Columns.Where(column => !absent.Contains(column.Name))] };

        public override bool Breaks(TRow row, RowSource source) => Shows(row).Any();

        public override IEnumerable<Column<TRow>> Shows(TRow row) =>
            Columns.Where(column => column.Number(row) is { } number && !double.IsFinite(number));

        public override bool TryMark(RowBatch<TRow> batch, Span<bool> broken)
        {
            foreach (var column in Columns)
            {
                if (column is Column<TRow, double> numbers)
                    Mark(batch.Values(numbers), broken);
                else
                    Mark(batch.Values((Column<TRow, double?>)column), broken);
            }
            return true;
        }

        private static void Mark(ReadOnlySpan<double> values, Span<bool> broken)
        {
            for (var i = 0; i < values.Length; i++)
                broken[i] |= !double.IsFinite(values[i]);
        }

        private static void Mark(ReadOnlySpan<double?> values, Span<bool> broken)
        {
            for (var i = 0; i < values.Length; i++)
                broken[i] |= !double.IsFinite(values[i].GetValueOrDefault());
        }
    }

    /// <summary>A value that a second table does not have.</summary>
    public sealed record Reference(string Name, double Tolerance, Severity Severity, AllowedValues<TRow> Keys)
        : RowRule<TRow>(Name, Tolerance, Severity, [Keys.Column])
    {
        public override bool Breaks(TRow row, RowSource source) => Keys.IsOther(row);

        public override bool TryMark(RowBatch<TRow> batch, Span<bool> broken)
        {
            Keys.MarkOthers(batch, broken);
            return true;
        }
    }

    /// <summary>A value smaller than that of the row before in the same file.</summary>
    public sealed record Order(Column<TRow> Column, double Tolerance, Severity Severity)
        : RowRule<TRow>($"{Column.Name} goes back", Tolerance, Severity, [Column])
    {
        private OrderScanner<TRow>? Scanner { get; init; }

        public override RowRule<TRow> ForOneCheck() => this with { Scanner = Column.Use(OrderScanner<TRow>.Maker) };

        public override bool Breaks(TRow row, RowSource source) => Scanner!.GoesBack(row, source);

        public override bool TryMark(RowBatch<TRow> batch, Span<bool> broken)
        {
            Scanner!.Mark(batch, broken);
            return true;
        }
    }

    /// <summary>A number outside of bounds. One that is not finite has its own rule.</summary>
    public sealed record Range(Column<TRow> Column, Bounds Bounds, double Tolerance, Severity Severity)
        : RowRule<TRow>($"{Column.Name} outside {RangeText(Bounds)}", Tolerance, Severity, [Column])
    {
        public override bool Breaks(TRow row, RowSource source) =>
            Column.Number(row) is { } number && double.IsFinite(number) && !Bounds.Contain(number);

        public override bool TryMark(RowBatch<TRow> batch, Span<bool> broken)
        {
            Column.Use(RangeScanner<TRow>.Maker).Mark(batch, Bounds, broken);
            return true;
        }

        private static string RangeText(Bounds bounds) => bounds switch
        {
            { Min: { } min, Max: null } => $"{Figures.Number(min)}..",
            { Min: null, Max: { } max } => $"..{Figures.Number(max)}",
            _ => bounds.ToString(),
        };
    }
}
