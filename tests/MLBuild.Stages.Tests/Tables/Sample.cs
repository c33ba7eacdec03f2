using MLBuild.Learning.Rows;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>A row type with a column of every type, and rows of it.</summary>
public sealed record Sample
{
    [Column("flag")] public bool Flag { get; set; }
    [Column("flag_or_none")] public bool? FlagOrNone { get; set; }
    [Column("small")] public int Small { get; set; }
    [Column("small_or_none")] public int? SmallOrNone { get; set; }
    [Column("large")] public long Large { get; set; }
    [Column("large_or_none")] public long? LargeOrNone { get; set; }
    [Column("number")] public double Number { get; set; }
    [Column("number_or_none")] public double? NumberOrNone { get; set; }
    [Column("money")] public decimal Money { get; set; }
    [Column("money_or_none", Scale = 2)] public decimal? MoneyOrNone { get; set; }
    [Column("time")] public DateTime Time { get; set; }
    [Column("time_or_none")] public DateTime? TimeOrNone { get; set; }
    [Column("text")] public string Text { get; set; } = "";
    [Column("text_or_none")] public string? TextOrNone { get; set; }

    /// <summary>Rows that differ from their neighbours, with every value absent now and then.</summary>
    public static IEnumerable<SourceRow<Sample>> Rows(int count) => Enumerable.Range(0, count).Select(i =>
        new SourceRow<Sample>(Row(i), i % 2 == 0 ? "a.csv" : "b.csv", i + 2));

    private static Sample Row(int i) => new()
    {
        Flag = i % 3 == 0,
        FlagOrNone = i % 4 == 0 ? null : i % 4 == 1,
        Small = i % 2 == 0 ? i : int.MinValue + i,
        SmallOrNone = i % 5 == 0 ? null : -i,
        Large = long.MaxValue - i,
        LargeOrNone = i % 3 == 0 ? null : long.MinValue + i,
        Number = i / 7.0,
        NumberOrNone = (i % 4) switch { 0 => null, 1 => double.NaN, 2 => -0.0, _ => double.Epsilon },
        Money = i * 1234.567_891_23m - 5000m,
        MoneyOrNone = i % 3 == 1 ? null : 99_999_999_999_999_999_999_999_999.99m - i,
        Time = new DateTime(1969, 12, 31, 23, 59, 59, 1).AddMilliseconds(i * 999_983L),
        TimeOrNone = i % 6 == 0 ? null : new DateTime(2019, 3, 10, 2, 30, 0).AddMinutes(i),
        Text = i % 7 == 0 ? "" : $"zone {i % 260}",
        TextOrNone = (i % 4) switch { 0 => null, 1 => "", 2 => "東京 €", _ => $"{i}" },
    };
}
