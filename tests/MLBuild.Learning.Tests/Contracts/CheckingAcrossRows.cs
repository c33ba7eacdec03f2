using MLBuild.Learning.Contracts;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Tests.Contracts;

/// <summary>Rules that need more than one row: unique keys, keys of a second table, order.</summary>
public sealed class CheckingAcrossRows
{
    private static readonly Contract<Trip> Unique = Contract.For<Trip>()
        .Unique("a trip occurs more than once", 0.25, t => t.PickedUp, t => t.Flag);

    private static RuleReport Rule(ContractReport report) => report.Rules[^1];

    private static Trip Trip(int day, string? flag) => new() { PickedUp = new(2019, 2, day), Flag = flag };

    [Fact]
    public void RowsWhoseKeyCameBeforeAreCountedAndNoneIsSetAside()
    {
        var report = Unique.Check(Trip(1, "a"), Trip(2, "a"), Trip(1, "b"), Trip(1, "a"), Trip(1, null), Trip(1, "a"));
        var rule = Rule(report);
        Assert.Equal((2, 2 / 6.0, CheckVerdict.Failed), (rule.Rows, rule.Share, rule.Verdict));
        Assert.Equal([5, 7], rule.Examples.Select(example => example.Line));
        Assert.Equal(6, report.RowsAccepted);
    }

    [Fact]
    public void AbsentEqualsAbsentAndTheToleranceIsInside() => Assert.Equal(
        (1, CheckVerdict.Passed),
        (Rule(Unique.Check(Trip(1, null), Trip(1, null), Trip(2, null), Trip(3, null))).Rows,
            Rule(Unique.Check(Trip(1, null), Trip(1, null), Trip(2, null), Trip(3, null))).Verdict));

    [Fact]
    public void RowsSetAsideHaveNoKey() => Assert.Equal(
        0, Rule(Unique.Row("bad", 1, (trip, _) => trip.Fare < 0).Check(Trip(1, "a"), new Trip { Fare = -1 })).Rows);

    [Fact]
    public void EqualHashesOfDifferentKeysAreToldApartByASecondPass()
    {
        var check = Unique.Begin(keys: () => new OneHash());
        check.Open("a.csv", Trips.Header);
        var batch = new RowBatch<Trip>();
        foreach (var (line, flag) in new[] { (2, "a"), (3, "b"), (4, "a"), (5, "c") })
            batch.Add(Trip(1, flag), "a.csv", line);
        check.Sift(batch);
        Assert.Equal(3, Rule(check.Complete()).Rows);
        Assert.True(check.NeedsVerification);
        check.Verify(batch);
        Assert.False(check.NeedsVerification);
        var rule = Rule(check.Complete());
        Assert.Equal(1, rule.Rows);
        Assert.Equal(4, Assert.Single(rule.Examples).Line);
    }

    [Fact]
    public void RepeatedKeyIsShownWithTheRowThatHasItFirst()
    {
        var check = Unique.Begin();
        check.Open("a.csv", Trips.Header);
        check.Open("b.csv", Trips.Header);
        var (first, second) = (new RowBatch<Trip>(), new RowBatch<Trip>());
        first.Add(Trip(1, "2:é-"), "a.csv", 2);
        first.Add(Trip(2, null), "a.csv", 3);
        second.Add(Trip(1, "2:é-"), "b.csv", 2);
        second.Add(Trip(2, null), "b.csv", 3);
        RowBatch<Trip>[] batches = [first, second];
        foreach (var batch in batches)
            check.Sift(batch);
        foreach (var batch in batches)
            check.Verify(batch);
        Assert.Contains(
            """
              a trip occurs more than once  2 rows (50 %), limit 25 %
                  b.csv line 2: picked_up = 2019-02-01 00:00:00, flag = 2:é-, first is a.csv line 2
                  b.csv line 3: picked_up = 2019-02-02 00:00:00, flag = (none), first is a.csv line 3

            """,
            ContractReportText.Render(check.Complete()));
    }

    [Fact]
    public void ZeroAndMinusZeroAreOneKeyButTheirTextsAreTwo()
    {
        var contract = Contract.For<Trip>().Unique("twice", 0, t => t.Fare, t => t.Flag);
        var check = contract.Begin(keys: () => new OneHash());
        check.Open("a.csv", Trips.Header);
        var batch = new RowBatch<Trip>();
        foreach (var (line, fare, flag) in new[] { (2, 0.0, "0"), (3, -0.0, "0"), (4, 0.0, "-0") })
            batch.Add(new() { Fare = fare, Flag = flag }, "a.csv", line);
        check.Sift(batch);
        Assert.True(check.NeedsVerification);
        check.Verify(batch);
        Assert.Equal([3L], Rule(check.Complete()).Examples.Select(example => example.Line));
    }

    [Fact]
    public void MoreRowsThanCanBeHeldAreCountedByTheirHashes()
    {
        var check = Contract.For<Trip>().Unique("twice", 0.1, t => t.Flag).Begin();
        check.Open("a.csv", Trips.Header);
        var batch = new RowBatch<Trip>();
        var trip = new Trip();
        for (var line = 2; line < 1_000_004; line++)
        {
            batch.Add(trip, "a.csv", line);
            if (batch.IsFull || line == 1_000_003)
            {
                check.Sift(batch);
                batch.Clear();
            }
        }
        Assert.False(check.NeedsVerification);
        var rule = Rule(check.Complete());
        Assert.Equal((1_000_001, CheckVerdict.Failed), (rule.Rows, rule.Verdict));
        Assert.Equal([3L, 4, 5], rule.Examples.Select(example => example.Line));
        Assert.All(rule.Examples, example => Assert.Equal(new RowSource("a.csv", 2), example.First));
    }

    [Fact]
    public void WhatFindsRepeatedKeysIsDisposed()
    {
        var hashes = new OneHash();
        using (Unique.Begin(keys: () => hashes))
            Assert.False(hashes.IsDisposed);
        Assert.True(hashes.IsDisposed);
    }

    [Fact]
    public void MillionKeysAreUnique()
    {
        var check = Contract.For<Trip>().Unique("number", 0, t => t.Vendor).Begin();
        check.Open("a.csv", Trips.Header);
        var batch = new RowBatch<Trip>();
        for (var i = 0; i < 1_000_000; i++)
        {
            batch.Add(new() { Vendor = i }, "a.csv", i);
            if (batch.IsFull || i == 999_999)
            {
                check.Sift(batch);
                batch.Clear();
            }
        }
        Assert.False(check.NeedsVerification);
        Assert.Equal(0, Rule(check.Complete()).Rows);
    }

    [Fact]
    public void RowWhoseKeyTheSecondTableLacksIsSetAside()
    {
        var contract = Contract.For<Trip>()
            .References("unknown vendor", 0.5, t => t.Vendor, new HashSet<int> { 1, 2 })
            .References("unknown count", 0.5, t => t.Passengers, new HashSet<int?> { 1 });
        var report = contract.Check(
            new Trip { Vendor = 0 }, new Trip { Vendor = 2 }, new Trip { Vendor = 3 }, new Trip { Passengers = null });
        Assert.Equal([0, 2, 0], report.Rules.Select(rule => rule.Rows));
        Assert.Equal(["0", "3"], report.Rules[1].Examples.Select(example => example.Values.Single().Value));
        Assert.Equal(2, report.RowsAccepted);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public void ValueThatGoesBackIsSetAsideWithinItsFile(int batchSize)
    {
        var contract = Contract.For<Trip>().Monotone(t => t.PickedUp, tolerance: 0.5);
        (string File, int Line, int Day)[] rows =
            [("a", 1, 5), ("a", 2, 5), ("a", 3, 28), ("a", 4, 6), ("a", 5, 7), ("b", 1, 1), ("b", 2, 2), ("b", 3, 1)];
        var check = contract.Begin();
        check.Open("a", Trips.Header);
        check.Open("b", Trips.Header);
        var broken = new List<string>();
        foreach (var chunk in rows.Chunk(batchSize))
        {
            var batch = new RowBatch<Trip>();
            foreach (var (file, line, day) in chunk)
                batch.Add(Trip(day, null), file, line);
            check.Sift(batch, row => broken.Add($"{row.File} {row.Line} {row.Rule}"));
        }
        Assert.Equal(["a 4 picked_up goes back", "b 3 picked_up goes back"], broken);
        // Nothing of one check is left to the next.
        Assert.True(contract.Check(Trip(1, null)).Passed);
    }

    [Fact]
    public void RulesOfOneNameAreRefused() => Assert.Equal(
        "The contract of Trip has two rules 'a trip occurs more than once'. Rename or remove one.",
        Assert.Throws<ArgumentException>(
            () => Unique.Row("a trip occurs more than once", 0, (_, _) => true)).Message);

    [Fact]
    public void KeyWithoutColumnsIsRefused() => Assert.Equal(
        "The contract of Trip: rule 'none' has no key. Name its columns.",
        Assert.Throws<ArgumentException>(() => Contract.For<Trip>().Unique("none", 0)).Message);

    /// <summary>A hash that says nothing.</summary>
    private sealed class OneHash : IKeyHashes
    {
        private readonly List<long> _rows = [];

        public bool IsDisposed { get; private set; }

        public void Add(ReadOnlySpan<ulong> hashes, ReadOnlySpan<long> rows) => _rows.AddRange(rows);

        public IEnumerable<(ulong Hash, long Row)> Repeated() => _rows.Select(row => (7UL, row));

        public void Dispose() => IsDisposed = true;
    }
}
