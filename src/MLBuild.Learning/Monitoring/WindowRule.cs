using System.Globalization;
using System.Text.Json.Serialization;

namespace MLBuild.Learning.Monitoring;

/// <summary>By what rows are put together to be judged.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WindowKind>))]
public enum WindowKind
{
    /// <summary>Each file is a window.</summary>
    File,

    /// <summary>So many rows of a file, one after the other.</summary>
    Rows,

    /// <summary>A calendar day of the rows' times.</summary>
    Day,

    /// <summary>Seven days from a Monday on.</summary>
    Week,

    /// <summary>A calendar month.</summary>
    Month,
}

/// <summary>How rows are put together to be judged.</summary>
/// <param name="Rows">Of a window of <see cref="WindowKind.Rows"/>; else 0.</param>
public sealed record WindowRule(WindowKind Kind, int Rows)
{
    /// <summary>Fewest rows of a window by count: fewer are never compared.</summary>
    private const int LeastRows = 100;

    /// <summary>Reads <c>file</c>, <c>day</c>, <c>week</c>, <c>month</c>, or a number of rows.</summary>
    /// <exception cref="ArgumentException">The text is something else.</exception>
    public static WindowRule Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) && rows >= LeastRows)
            return new(WindowKind.Rows, rows);
        return text switch
        {
            "file" => new(WindowKind.File, 0),
            "day" => new(WindowKind.Day, 0),
            "week" => new(WindowKind.Week, 0),
            "month" => new(WindowKind.Month, 0),
            _ => throw new ArgumentException(
                $"A window is '{text}', expected file, day, week, month, or a number of rows from {LeastRows}."),
        };
    }

    /// <summary>Whether windows are parts of time.</summary>
    [JsonIgnore]
    public bool IsOfTime => Kind is WindowKind.Day or WindowKind.Week or WindowKind.Month;

    /// <summary>The window that a time is in.</summary>
    public Window At(DateTime time)
    {
        var from = Kind switch
        {
            WindowKind.Day => time.Date,
            // Monday is the first day of a week, Sunday the last.
            WindowKind.Week => time.Date.AddDays(-(((int)time.DayOfWeek + 6) % 7)),
            WindowKind.Month => new(time.Year, time.Month, 1),
            _ => throw new InvalidOperationException($"BUG: windows by {Kind} have no time."),
        };
        var days = Kind switch
        {
            WindowKind.Week => 7,
            WindowKind.Month => DateTime.DaysInMonth(from.Year, from.Month),
            _ => 1,
        };
        // 9999-12-31 is how "never" is often written: a row of that day is one to judge, and no fault of ours.
        var to = DateTime.MaxValue - from > TimeSpan.FromDays(days) ? from.AddDays(days) : DateTime.MaxValue;
        return new(
            from.ToString(Kind == WindowKind.Month ? "yyyy-MM" : "yyyy-MM-dd", CultureInfo.InvariantCulture), from, to);
    }

    /// <summary>The window that a row of a file is in.</summary>
    /// <param name="file">The file's name without its ending.</param>
    /// <param name="row">The row's place among those of the file, from 0.</param>
    public Window At(string file, long row) => Kind switch
    {
        WindowKind.File => new(file, null, null),
        // Digits in front, so that names sort as rows do.
        WindowKind.Rows => new(FormattableString.Invariant($"{file} part {(row / Rows) + 1:000000}"), null, null),
        _ => throw new InvalidOperationException($"BUG: windows by {Kind} have times."),
    };

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => Kind == WindowKind.Rows
        ? Rows.ToString(CultureInfo.InvariantCulture)
        : Kind.ToString().ToLowerInvariant();
}

/// <summary>Rows that are judged together.</summary>
/// <param name="Name">Names the window: <c>2020-03</c>, <c>2020-03-02</c>, a file, a part of one.</param>
/// <param name="From">Its first moment; null for windows that are not of time.</param>
/// <param name="To">The first moment after it; <see cref="DateTime.MaxValue"/> where the calendar ends in it.</param>
public sealed record Window(string Name, DateTime? From, DateTime? To) : IComparable<Window>
{
    public int CompareTo(Window? other) =>
        Nullable.Compare(From, other?.From) is var times and not 0 ? times : string.CompareOrdinal(Name, other?.Name);
}
