using MLBuild.Learning.Rows;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>Each type of column has its JSON values, and no other stands for one.</summary>
public sealed class ReadingJsonValues : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bool", "true", "true")]
    [InlineData("bool", "false", "false")]
    [InlineData("int", "-2147483648", "-2147483648")]
    [InlineData("int", "1.0", "1")]
    [InlineData("long", "9223372036854775807", "9223372036854775807")]
    [InlineData("long", "-9223372036854775808", "-9223372036854775808")]
    [InlineData("double", "-0.0", "-0")]
    [InlineData("double", "1e-7", "1E-07")]
    [InlineData("double", "5e-324", "5E-324")]
    // A double holds neither of these.
    [InlineData("decimal", "12345678901234567890123456.78", "12345678901234567890123456.78")]
    [InlineData("decimal", "-0.01", "-0.01")]
    [InlineData("time", "\"2019-01-02T03:04:05\"", "2019-01-02 03:04:05")]
    [InlineData("time", "\"2019-01-02 03:04:05.678\"", "2019-01-02 03:04:05.678")]
    [InlineData("time", "\"2019-01-02\\u005403:04:05\"", "2019-01-02 03:04:05")]
    [InlineData("text", "\"2019\"", "2019")]
    [InlineData("text", "\"\\ud83d\\ude00 \\\"x\\\"\"", "\ud83d\ude00 \"x\"")]
    [InlineData("text", "\"\"", "")]
    public void AValue(string column, string token, string value)
    {
        Assert.Equal(value, Read<Values>(column, token));
        Assert.Equal(value, Read<ValuesOrNone>(column, token));
    }

    [Theory]
    [InlineData("bool", "\"true\"", "expected true or false")]
    [InlineData("bool", "1", "expected true or false")]
    [InlineData("bool", "[]", "expected true or false")]
    [InlineData("int", "2147483648", "expected a whole number of 32 bits")]
    [InlineData("int", "\"1\"", "expected a whole number of 32 bits")]
    [InlineData("int", "true", "expected a whole number of 32 bits")]
    [InlineData("int", "1.5", "expected a whole number of 32 bits")]
    [InlineData("long", "9223372036854775808", "expected a whole number of 64 bits")]
    [InlineData("long", "\"1\"", "expected a whole number of 64 bits")]
    [InlineData("double", "1e999", "expected a finite number")]
    [InlineData("double", "\"NaN\"", "expected a finite number")]
    [InlineData("double", "false", "expected a finite number")]
    [InlineData("decimal", "1e-07", Decimal)]
    [InlineData("decimal", "1.005", Decimal)]
    [InlineData("decimal", "100000000000000000000000000", Decimal)]
    [InlineData("decimal", "\"1.5\"", Decimal)]
    [InlineData("time", "1546387200", "expected a time as yyyy-MM-dd HH:mm:ss")]
    [InlineData("time", "\"2019-01-02T03:04:05Z\"", "expected a time as yyyy-MM-dd HH:mm:ss")]
    [InlineData("time", "{}", "expected a time as yyyy-MM-dd HH:mm:ss")]
    [InlineData("text", "7", "expected text in UTF-8 without zeros or byte order mark")]
    [InlineData("text", "\"\\u0000\"", "expected text in UTF-8 without zeros or byte order mark")]
    public void NoValue(string column, string token, string expected)
    {
        var message = $"a.jsonl line 2: column '{column}' is '{token}', {expected}.";
        Assert.Equal(message, Read<Values>(column, token));
        Assert.Equal(message, Read<ValuesOrNone>(column, token));
    }

    [Theory]
    [InlineData("bool", "expected true or false")]
    [InlineData("int", "expected a whole number of 32 bits")]
    [InlineData("long", "expected a whole number of 64 bits")]
    [InlineData("double", "expected a finite number")]
    [InlineData("decimal", Decimal)]
    [InlineData("time", "expected a time as yyyy-MM-dd HH:mm:ss")]
    [InlineData("text", "expected text in UTF-8 without zeros or byte order mark")]
    public void NullIsAbsent(string column, string expected)
    {
        Assert.Equal($"a.jsonl line 2: column '{column}' is 'null', {expected}.", Read<Values>(column, "null"));
        Assert.Null(Read<ValuesOrNone>(column, "null"));
    }

    private const string Decimal =
        "expected a number with at most 26 digits before the point and 2 behind it, without an exponent";

    private static readonly (string Column, string Token)[] Good =
    [
        ("bool", "true"), ("int", "1"), ("long", "1"), ("double", "1"), ("decimal", "1"),
        ("time", "\"2019-01-01 00:00:00\""), ("text", "\"x\""),
    ];

    // The value in the second line, between two lines without fault.
    private string? Read<TRow>(string column, string token)
        where TRow : class, new()
    {
        var good = Line("", "");
        var path = _folder.Write("a.jsonl", $"{good}{Line(column, token)}{good}");
        var read = RowFiles.Open<TRow>(path).Lines().ToArray();
        Assert.Equal([true, read[1].IsGood, true], read.Select(row => row.IsGood));
        return read[1].Fault is { } fault
            ? fault.ToString()
            : RowSchema<TRow>.Instance.Find(column)!.Text(read[1].Row!);
    }

    private static string Line(string column, string token) => "{" + string.Join(",", Good.Select(good =>
        $"\"{good.Column}\":{(good.Column == column ? token : good.Token)}")) + "}\n";

    private sealed class Values
    {
        [Column("bool")] public bool Bool { get; set; }
        [Column("int")] public int Int { get; set; }
        [Column("long")] public long Long { get; set; }
        [Column("double")] public double Double { get; set; }
        [Column("decimal", Scale = 2)] public decimal Decimal { get; set; }
        [Column("time")] public DateTime Time { get; set; }
        [Column("text")] public string Text { get; set; } = "";
    }

    private sealed class ValuesOrNone
    {
        [Column("bool")] public bool? Bool { get; set; }
        [Column("int")] public int? Int { get; set; }
        [Column("long")] public long? Long { get; set; }
        [Column("double")] public double? Double { get; set; }
        [Column("decimal", Scale = 2)] public decimal? Decimal { get; set; }
        [Column("time")] public DateTime? Time { get; set; }
        [Column("text")] public string? Text { get; set; }
    }
}
