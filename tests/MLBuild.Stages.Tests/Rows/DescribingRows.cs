using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tests.Rows;

/// <summary>The columns of a row type, and what is wrong with one that cannot be a row.</summary>
public sealed class DescribingRows
{
    [Fact]
    public void ColumnsComeInTheOrderDeclared() => Assert.Equal(
        ["flag: Boolean", "count: Int32?", "big: Int64", "share: Double?", "at: DateTime", "name: String",
            "note: String?"],
        RowSchema<Good>.Instance.Columns.Select(column => column.ToString()));

    [Fact]
    public void ValuesAreTheSameTextInEveryCulture()
    {
        var row = new Good
        {
            Flag = true,
            Count = -1,
            Big = long.MaxValue,
            Share = 0.1 + 0.2,
            At = new(2019, 1, 2, 3, 4, 5, 60),
            Name = "x"
        };
        Assert.Equal(
            ["true", "-1", "9223372036854775807", "0.30000000000000004", "2019-01-02 03:04:05.06", "x", null],
            RowSchema<Good>.Instance.Columns.Select(column => column.Text(row)));
        Assert.Equal([1, -1, 9.223372036854775807e18, 0.30000000000000004, null, null, null],
            RowSchema<Good>.Instance.Columns.Select(column => column.Number(row)));
        Assert.Equal([false, false, false, false, false, false, true],
            RowSchema<Good>.Instance.Columns.Select(column => column.IsNull(row)));
    }

    [Fact]
    public void AColumnIsFoundByItsExactName()
    {
        Assert.Equal("count", RowSchema<Good>.Instance.Find("count")?.Name);
        Assert.Null(RowSchema<Good>.Instance.Find("Count"));
    }

    [Fact]
    public void ATypeThatNoColumnHasIsNamed() => Assert.Equal(
        "BadType.Price is Single; a column can be bool, int, long, double, decimal, DateTime or string, nullable or " +
        "not.",
        Assert.Throws<ArgumentException>(() => RowSchema<BadType>.Instance).Message);

    [Fact]
    public void TwoPropertiesOfOneColumnAreNamed() => Assert.Equal(
        "Twice has two properties for column 'a'. Remove one.",
            Assert.Throws<ArgumentException>(() => RowSchema<Twice>.Instance).Message);

    [Fact]
    public void APropertyThatCannotBeSetIsNamed() => Assert.Equal(
        "Fixed.A holds column 'a' and needs a getter and a setter.",
            Assert.Throws<ArgumentException>(() => RowSchema<Fixed>.Instance).Message);

    [Fact]
    public void ATypeWithoutColumnsIsNamed() => Assert.Equal(
        "None has no property with [Column(\"…\")].",
            Assert.Throws<ArgumentException>(() => RowSchema<None>.Instance).Message);

    private sealed class Good
    {
        [Column("flag")] public bool Flag { get; set; }
        [Column("count")] public int? Count { get; set; }
        [Column("big")] public long Big { get; set; }
        [Column("share")] public double? Share { get; set; }
        [Column("at")] public DateTime At { get; set; }
        [Column("name")] public string Name { get; set; } = "";
        [Column("note")] public string? Note { get; set; }
        public int NoColumn => 1;
    }

    private sealed class BadType
    {
        [Column("price")] public float Price { get; set; }
    }

    private sealed class Twice
    {
        [Column("a")] public int A { get; set; }
        [Column("a")] public int B { get; set; }
    }

    private sealed class Fixed
    {
        [Column("a")] public int A => 1;
    }

    private sealed class None
    {
        public int A { get; set; }
    }
}
