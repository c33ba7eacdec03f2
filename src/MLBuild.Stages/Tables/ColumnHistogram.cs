using System.Globalization;
using MLBuild.Engine;
using MLBuild.Engine.Inspection;
using MLBuild.Learning.Statistics;

namespace MLBuild.Stages.Tables;

/// <summary>How the values of one column are distributed: numbers and times in bins of one width between their first
/// and last hundredth, values that are few each for itself.</summary>
/// <param name="IsEstimate">True if the distinct ones were too many to count each.</param>
/// <param name="Others">Rows with values that are not among <paramref name="Bins"/>.</param>
public sealed record ColumnHistogram(
    string Name, string Type, long Rows, long Absent, string Min, string Mean, string Max, long Distinct,
    bool IsEstimate, IReadOnlyList<ColumnHistogram.Bin> Bins, long Others)
{
    private const int MostValues = 20;
    private const int Bars = 16;
    private const int WidestBar = 40;
    private const int WidestCell = 40;

    // Rows up to billions, a share, and what is between columns.
    private const int RoomOfNumbers = 26;

    /// <param name="Values">What is in it: a value, or <c>10 to 15</c>, of which the second is in the next.</param>
    public sealed record Bin(string Values, long Rows);

    /// <summary>Reads the column twice where it has to be divided, some rows in memory at a time.</summary>
    /// <param name="name">What messages call the file, whose end says what it is.</param>
    /// <param name="column">In any case of letters.</param>
    /// <exception cref="PipelineException">There is no such column.</exception>
    /// <exception cref="TableException">The file is not what its name says, or is corrupt.</exception>
    public static ColumnHistogram Read(string path, string name, string column)
    {
        var wanted = Find(path, name, column);
        var counts = new ValueCounts();
        var spread = new QuantileSketch();
        var rows = 0L;
        using var table = AnyTable.Open(path, name, other => other == wanted);
        var values = table.Columns[0];
        while (table.Next())
        {
            rows += table.Count;
            for (var row = 0; row < table.Count; row++)
            {
                if (values.IsAbsent(row))
                    continue;
                counts.Add(values, row);
                if (values.Position(row) is { } position && double.IsFinite(position))
                    spread.Add(new ReadOnlySpan<double>(in position));
            }
        }
        var figures = values.Figures();
        var few = counts.Values is { } all && (all.Count <= MostValues || spread.Count == 0) ? all : null;
        Bin[] bins = few is not null ? [.. few.Take(MostValues).Select(value => new Bin(value.Text, value.Rows))]
            : spread.Count > 0 ? Divided(path, name, wanted, values.IsTime, spread) : [];
        return new(values.Name, values.Type, rows, long.Parse(figures[0], CultureInfo.InvariantCulture), figures[1],
            figures[2], figures[3], counts.Distinct, counts.Values is null, bins,
            rows - long.Parse(figures[0], CultureInfo.InvariantCulture) - bins.Sum(bin => bin.Rows));
    }

    public IEnumerable<string> Lines(Page page)
    {
        yield return string.Create(CultureInfo.InvariantCulture,
            $"{Name}, {Type}: {Rows:N0} rows, {Absent:N0} absent, {(IsEstimate ? "~" : "")}{Distinct:N0} distinct");
        if (Min != AnyColumn.Nothing)
            yield return $"min {Min}{(Mean == AnyColumn.Nothing ? "" : $", mean {Mean}")}, max {Max}";
        if (Bins.Count == 0)
        {
            yield return Distinct == 0 ? "No row has a value."
                : $"More than {ValueCounts.MostValues:N0} different texts: none is told apart.";
            yield break;
        }
        yield return "";
        // Bars are as long as there is room for: a bar that is cut would lie.
        var most = Bins.Max(bin => bin.Rows);
        var beside = Bins.Max(bin => Math.Min(bin.Values.Length, WidestCell)) + RoomOfNumbers;
        var room = Math.Clamp(page.Columns - beside, 10, WidestBar);
        foreach (var line in PageTable.Lines(page,
            [new("values"), new("rows", IsNumber: true), new("share", IsNumber: true), new("")],
            Bins.Select(bin => Row(bin, most, room))))
            yield return line;
        if (Others > 0)
            yield return $"… and {Wording.Count(Others, "row")} of other values";
    }

    private PageCell[] Row(Bin bin, long most, int room) =>
    [
        Page.Cut(bin.Values, WidestCell),
        bin.Rows.ToString("N0", CultureInfo.InvariantCulture),
        $"{(100.0 * bin.Rows / Rows).ToString("0.0", CultureInfo.InvariantCulture)} %",
        new string('#', (int)Math.Ceiling((double)room * bin.Rows / most)),
    ];

    private static string Find(string path, string name, string column)
    {
        using var table = AnyTable.Open(path, name);
        var names = table.Columns.Select(other => other.Name).ToArray();
        return Array.Find(names, other => other == column)
            ?? Array.Find(names, other => other.Equals(column, StringComparison.OrdinalIgnoreCase))
            ?? throw new PipelineException($"--column is '{column}', which '{name}' does not have. Its columns: " +
                $"{string.Join(", ", names)}.{Suggestion.For(column, names)}");
    }

    // Outliers get bins of their own at both ends: they would push all others into one.
    private static Bin[] Divided(string path, string name, string column, bool isTime, QuantileSketch spread)
    {
        var ends = spread.Quantiles(0.01, 0.99);
        using var table = AnyTable.Open(path, name, other => other == column);
        var values = table.Columns[0];
        var width = ends[1] <= ends[0] ? 1
            : isTime ? Spans.FirstOrDefault(span => span >= (ends[1] - ends[0]) / Bars, Spans[^1])
            : Round((ends[1] - ends[0]) / Bars);
        var first = Math.Floor(ends[0] / width);
        var rows = new long[(int)Math.Min(Math.Floor(ends[1] / width) - first, 10 * Bars) + 3];
        while (table.Next())
        {
            for (var row = 0; row < table.Count; row++)
            {
                if (values.Position(row) is { } position)
                    rows[(int)Math.Clamp(Math.Floor(position / width) - first + 1, 0, rows.Length - 1)]++;
            }
        }
        return [.. rows.Select((count, i) => new Bin(
            i == 0 ? $"below {Edge(0)}" : i == rows.Length - 1 ? $"{Edge(i - 1)} and more"
                : $"{Edge(i - 1)} to {Edge(i)}", count))
            .Where((bin, i) => bin.Rows > 0 || (i > 0 && i < rows.Length - 1))];

        string Edge(int bin) => values.TextAt((first + bin) * width);
    }

    // In ticks, from a second to four years; weeks begin on Mondays, as the calendar does.
    private static double[] Spans =>
    [
        .. ((double[])[1, 5, 15, 60, 300, 900, 3600, 6 * 3600, 86400, 7 * 86400, 28 * 86400, 364 * 86400,
            1456 * 86400d]).Select(seconds => seconds * TimeSpan.TicksPerSecond),
    ];

    // 1, 2 or 5 times a power of ten.
    private static double Round(double width)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(width)));
        return power * ((width / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
    }
}
