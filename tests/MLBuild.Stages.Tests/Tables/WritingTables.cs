using MLBuild.Learning.Rows;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>Tables whose columns are known only when the program runs.</summary>
public sealed class WritingTables : IDisposable
{
    private static readonly TableColumn[] Columns =
    [
        new TableColumn("flag", ColumnType.Boolean, IsNullable: false),
        new TableColumn("n", ColumnType.Int32, IsNullable: true),
        new TableColumn("id", ColumnType.Int64, IsNullable: false),
        new TableColumn("x", ColumnType.Double, IsNullable: true),
        new TableColumn("fare", ColumnType.Decimal, IsNullable: true) { Scale = 2 },
        new TableColumn("rate", ColumnType.Decimal, IsNullable: false) { Scale = 10 },
        new TableColumn("at", ColumnType.DateTime, IsNullable: true),
        new TableColumn("zone", ColumnType.String, IsNullable: true),
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EachTypeKeepsItsValues()
    {
        Assert.Equal(2, Write("t.parquet"));

        Assert.Equal(
            """
            rows 2, columns 8, row groups 1

            column  type         absent  min                      mean         max                            distinct  most frequent
            flag    Boolean           0  false                    0.5          true                                  2  -
            n       Int32?            1  7                        7            7                                     1  -
            id      Int64             0  1                        4.61169E+18  9223372036854775807                   2  -
            x       Double?           1  0.1                      0.1          0.1                                   1  -
            fare    Decimal(2)?       1  -12.3                    -12.3        -12.3                                 1  -
            rate    Decimal(10)       0  -1                       5E+17        999999999999999999.9999999999         2  -
            at      DateTime?         1  1969-12-31 23:59:59.999  -            1969-12-31 23:59:59.999               1  -
            zone    String?           1  -                        -            -                                     1  -

            flag   n  id                   x    fare   rate                           at                       zone
            true   7  9223372036854775807  0.1  -12.3  999999999999999999.9999999999  1969-12-31 23:59:59.999  ü
            false  -  1                    -    -      -1                             -                        -

            """, TablePreview.Of(_folder["t.parquet"], 2));
    }

    [Fact]
    public void EqualRowsGiveEqualBytes()
    {
        Write("one.parquet");
        Write("two.parquet");

        Assert.Equal(File.ReadAllBytes(_folder["one.parquet"]), File.ReadAllBytes(_folder["two.parquet"]));
    }

    [Fact]
    public void LongTextsEndARowGroupEarly()
    {
        using var table = new TableWriter(
            _folder["t.parquet"], [new TableColumn("text", ColumnType.String, IsNullable: false)]);
        var text = new string('x', 1 << 20);
        for (var i = 0; i < 20; i++)
        {
            table.Set(0, text);
            table.EndRow();
        }
        table.Complete();

        Assert.StartsWith("rows 20, columns 1, row groups 2\n", TablePreview.Of(_folder["t.parquet"], 0));
    }

    [Fact]
    public void ATableThatIsNotCompletedIsRemoved()
    {
        using (var table = new TableWriter(_folder["t.parquet"], Columns))
            table.Set(0, true);

        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void WhatAColumnCannotHoldIsRefused()
    {
        using var table = new TableWriter(_folder["t.parquet"], Columns);

        Assert.Equal(
            "BUG: column 'n' holds other values than Int64.",
            Assert.Throws<ArgumentException>(() => table.Set(1, 7L)).Message);
        Assert.Equal(
            "Column 'id' holds null, and its type says it never does. Give it a value, or make the column nullable.",
            Assert.Throws<TableException>(() => table.SetNull(2)).Message);
        Assert.Equal(
            "Column 'at' holds 2019-01-01 00:00:00.0001000: a table keeps milliseconds. Round it.",
            Assert.Throws<TableException>(() => table.Set(6, new DateTime(2019, 1, 1).AddTicks(1000))).Message);
        Assert.Equal(
            "Column 'fare' holds 0.125, expected at most 26 digits before the point and 2 behind it. Round it, or " +
            "give the column another Scale.",
            Assert.Throws<TableException>(() => table.Set(4, 0.125m)).Message);
        Assert.Equal(
            "BUG: 0 values were set in a row of 8 columns.",
            Assert.Throws<InvalidOperationException>(table.EndRow).Message);

        table.Set(0, true);
        table.SetNull(1);
        Assert.Equal(
            "BUG: column 'flag' was set twice in one row.",
            Assert.Throws<InvalidOperationException>(() => table.Set(0, false)).Message);
        Assert.Equal(
            "BUG: column 'n' was set twice in one row.",
            Assert.Throws<InvalidOperationException>(() => table.SetNull(1)).Message);
        Assert.Equal(
            "BUG: the table ends in a row in which 2 of 8 columns were set.",
            Assert.Throws<InvalidOperationException>(() => table.Complete()).Message);
    }

    [Fact]
    public void ColumnsNeedNamesOfTheirOwn()
    {
        var column = new TableColumn("a", ColumnType.Int32, IsNullable: false);

        Assert.Equal(
            "A table cannot have two columns 'a': each needs a name of its own.",
            Assert.Throws<ArgumentException>(() => new TableWriter(_folder["t.parquet"], [column, column])).Message);
        Assert.Equal(
            "A table needs a column.",
            Assert.Throws<ArgumentException>(() => new TableWriter(_folder["t.parquet"], [])).Message);
    }

    private long Write(string file)
    {
        using var table = new TableWriter(_folder[file], Columns);
        table.Set(0, true);
        table.Set(1, 7);
        table.Set(2, long.MaxValue);
        table.Set(3, 0.1);
        table.Set(4, -12.3m);
        table.Set(5, 999999999999999999.9999999999m);
        table.Set(6, new DateTime(1969, 12, 31, 23, 59, 59, 999, DateTimeKind.Utc));
        table.Set(7, "ü");
        table.EndRow();
        table.Set(0, false);
        table.SetNull(1);
        table.Set(2, 1L);
        table.SetNull(3);
        table.SetNull(4);
        table.Set(5, -1m);
        table.SetNull(6);
        table.SetNull(7);
        table.EndRow();
        return table.Complete();
    }
}
