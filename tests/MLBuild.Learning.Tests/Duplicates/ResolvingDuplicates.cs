using MLBuild.Learning.Contracts;
using MLBuild.Learning.Duplicates;
using MLBuild.Learning.Rows;
using MLBuild.Learning.Tests.Contracts;

namespace MLBuild.Learning.Tests.Duplicates;

/// <summary>Which rows are about the same thing, and which of them are kept.</summary>
public sealed class ResolvingDuplicates
{
    private static readonly DuplicateRules<Order> ByPrice = DuplicateRules.ByKey<Order>(order => order.Price);

    private static readonly DuplicateRules<Trip> ByFlag = DuplicateRules.ByKey<Trip>(trip => trip.Flag);

    private static string[] Resolve<TRow>(DuplicateRules<TRow> rules, params IEnumerable<TRow> rows)
        where TRow : class, new() =>
        [.. Resolve(rules, rows, default).Select(row => $"{row.Source.Line} {row}")];

    private static IReadOnlyList<LeftOutRow> Resolve<TRow>(
        DuplicateRules<TRow> rules, IEnumerable<TRow> rows, CancellationToken cancel)
        where TRow : class, new() =>
        rules.Resolve(rows.Index().Select(row => (row.Item, new RowSource("a", row.Index + 1))), cancel);

    [Fact]
    public void DecimalsOfOneValueAreOneKeyHoweverTheyAreWritten() => Assert.Equal(
        ["2 identical to a line 1", "3 identical to a line 1"],
        Resolve(ByPrice, new Order { Price = 12.5m }, new Order { Price = 12.50m }, new Order { Price = 12.500m }));

    [Fact]
    public void DecimalBesideTheKeyIsComparedByItsValueToo() => Assert.Equal(
        ["2 identical to a line 1", "3 superseded by a line 1"],
        Resolve(
            DuplicateRules.ByKey<Order>(order => order.Number),
            new Order { Price = 5m }, new Order { Price = 5.00m }, new Order { Price = 5.01m }));

    [Fact]
    public void ZeroAndMinusZeroAreOneKey() => Assert.Equal(
        ["2 identical to a line 1"],
        Resolve(
            DuplicateRules.ByKey<Trip>(trip => trip.Fare), new Trip { Fare = 0.0 }, new Trip { Fare = -0.0 }));

    [Fact]
    public void TextsThatLookLikeOneAreNotOne() => Assert.Empty(Resolve(
        ByFlag,
        new Trip { Flag = "0" }, new Trip { Flag = "-0" }, new Trip { Flag = null }, new Trip { Flag = "" },
        new Trip { Flag = "-" }, new Trip { Flag = "\0" }));

    [Fact]
    public void PartsOfAKeyDoNotRunIntoEachOther() => Assert.Empty(Resolve(
        DuplicateRules.ByKey<Pair>(pair => pair.One, pair => pair.Other),
        new Pair { One = "a\u001fb", Other = "c" }, new Pair { One = "a", Other = "b\u001fc" },
        new Pair { One = "a1:", Other = "" }, new Pair { One = "a", Other = "1:" }));

    [Fact]
    public void ManyRowsWithoutAKeyTakeNoTimeWhereNoneUndoEachOther() =>
        Assert.Equal(199_999, Resolve(ByFlag, Trips.Good(200_000)).Length);

    [Fact]
    public void MoreRowsOfOneKeyThanCanBeComparedAreRefused() => Assert.Equal(
        "20,001 rows of Trip have one key (flag), the first is a line 1. Which of them undo each other is found for at "
        + "most 20,000. Name columns that tell one row from another, or remove the repetition at the source.",
        Assert.Throws<InvalidDataException>(
            () => Resolve(ByFlag.Cancels((_, _) => false), Trips.Good(20_001))).Message);

    [Fact]
    public void WorkCanBeCancelled()
    {
        using var cancel = new CancellationTokenSource();
        var rules = ByFlag.Cancels((_, _) =>
        {
            cancel.Cancel();
            return false;
        });
        Assert.Throws<OperationCanceledException>(() => Resolve(rules, Trips.Good(3), cancel.Token));
    }

    [Fact]
    public void LambdaThatNamesNoColumnIsBlamedOnTheKey() => Assert.Equal(
        "The key of Trip names a column with 'trip => Convert(trip.PickedUp.Date, Object)', which is no property of "
        + "the row. Write a lambda such as t => t.Price.",
        Assert.Throws<ArgumentException>(() => DuplicateRules.ByKey<Trip>(trip => trip.PickedUp.Date)).Message);

    private sealed class Pair
    {
        [Column("one")]
        public string One { get; set; } = "";

        [Column("other")]
        public string Other { get; set; } = "";
    }
}
