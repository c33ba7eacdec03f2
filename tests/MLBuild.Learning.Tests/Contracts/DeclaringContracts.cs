using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Tests.Contracts;

/// <summary>What an author is told who declares a contract that cannot be meant.</summary>
public sealed class DeclaringContracts
{
    private static readonly Contract<Trip> Empty = Contract.For<Trip>();

    public static TheoryData<string, Func<Contract<Trip>>> Mistakes => new()
    {
        {
            "The contract of Trip: mean of 'fare' has no limit. Give a minimum, a maximum or both.",
            () => Empty.Column(t => t.Fare, c => c.Mean())
        },
        {
            "The contract of Trip: mean of 'fare' has a limit that is not a finite number. Leave an open end out.",
            () => Empty.Column(t => t.Fare, c => c.Mean(double.NaN, 1))
        },
        {
            "The contract of Trip: range of 'fare' expects at least 8 and at most 1, which nothing satisfies. "
            + "Swap them.",
            () => Empty.Column(t => t.Fare, c => c.Range(8, 1))
        },
        {
            "The contract of Trip: mean of 'flag' needs a numeric column; 'flag' is String.",
            () => Empty.Column(t => t.Flag, c => c.Mean(1, 8))
        },
        {
            "The contract of Trip: range of 'picked_up' needs a numeric column; 'picked_up' is DateTime.",
            () => Empty.Column(t => t.PickedUp, c => c.Range(1, 8))
        },
        {
            "The contract of Trip: categories of 'vendor' has an empty list, which no value is in. Name the values.",
            () => Empty.Column(t => t.Vendor, c => c.Categories())
        },
        {
            "The contract of Trip: rows has no limit. Give a minimum, a maximum or both.",
            () => Empty.Rows()
        },
        {
            "The contract of Trip names a column with 't => (t.Fare + 1)', which is no property of the row. "
            + "Write a lambda such as t => t.Price.",
            () => Empty.Column(t => t.Fare + 1, c => c)
        },
        {
            "The contract of Trip names a column with 't => t.PickedUp.Day', which is no property of the row. "
            + "Write a lambda such as t => t.Price.",
            () => Empty.Column(t => t.PickedUp.Day, c => c)
        },
        {
            "The contract of Trip names Speed, which holds no column. Give the property a [Column(\"…\")].",
            () => Empty.Column(t => t.Speed, c => c)
        },
        {
            "The contract of Trip has two rules 'odd'. Rename or remove one.",
            () => Empty.Row("odd", 0, (_, _) => true).Row("odd", 0, (_, _) => true)
        },
        {
            "The contract of Trip: rule 'odd' tolerates 5 of the rows. Give a share in 0..1.",
            () => Empty.Row("odd", 5, (_, _) => true)
        },
        {
            "The contract of Trip: rule 'a number is not finite' tolerates -1 of the rows. Give a share in 0..1.",
            () => Empty.NonFinite(-1)
        },
        {
            "The contract of Trip allows the extra column 'fare', which the row type has. Remove it.",
            () => Empty.AllowsExtraColumns("tip", "fare")
        },
        {
            "The contract of Trip lets files lack 'fare', which is no nullable column of the row type. "
            + "Make the property nullable, or remove it here.",
            () => Empty.AllowsMissingColumns("flag", "fare")
        },
        {
            "The contract of Trip takes the values of 'vendor' as Int64, but they are Int32. "
            + "Give values of the property's own type.",
            () => Empty.References("vendor", 0, t => t.Vendor, new HashSet<long> { 1 })
        },
        {
            "The contract of Trip takes the values of 'vendor' as Int32?, but they are Int32. "
            + "Give values of the property's own type.",
            () => Empty.Column(t => (int?)t.Vendor, c => c.Mean(1, 2))
        },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void MistakeIsNamedWithTheWayOut(string message, Func<Contract<Trip>> declare) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(declare).Message);

    [Fact]
    public void AddingACheckLeavesTheContractAsItWas()
    {
        var before = Empty.Rows(min: 1);
        _ = before.Rows(min: 100).Column(t => t.Fare, c => c.Mean(1, 2)).Row("all", 0, (_, _) => true);
        Assert.True(before.Check(Trips.Good(1)).Passed);
    }

    [Fact]
    public void SeverityEndsWithTheWarningScope()
    {
        var report = Empty
            .Warning(w => w.Row("warns", 0, (_, _) => true))
            .Row("fails", 0, (_, _) => true)
            .Check(Trips.Good(1));
        Assert.Equal(
            [Severity.Fail, Severity.Warn, Severity.Fail],
            report.Rules.Select(rule => rule.Severity));
    }

    [Fact]
    public void RuleThatThrowsIsNamedWithTheRow()
    {
        var check = Empty.Row("too many", 0, (trip, _) => trip.Passengers!.Value > 6).Begin();
        check.Open("a.csv", Trips.Header);
        var fault = Assert.Throws<InvalidOperationException>(
            () => check.Check(new() { Passengers = null }, new("a.csv", 7)));
        Assert.Equal(
            "a.csv line 7: rule 'too many' of the contract of Trip threw InvalidOperationException: "
            + "Nullable object must have a value. A rule must answer for every row; mend it, for example for columns "
            + "without a value.",
            fault.Message);
    }
}
