using System.Text.RegularExpressions;
using System.Xml.Linq;
using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Tests.Contracts;

/// <summary>The page for a person: what is on it, that nothing breaks it, and that it needs nothing else.</summary>
public sealed partial class RenderingContractPages
{
    private const string Hostile = "<script>alert('x')</script>\"&\u0007\ud800 onload='1'";

    private static readonly Contract<Trip> Steady = Contract.For<Trip>()
        .SteadyAgainstHistory()
        .Column(t => t.Flag, c => c.Categories("Y", "N"))
        .Row("free & far", 0.5, (trip, _) => trip.Fare == 0, t => t.Fare, t => t.Flag)
        .Warning(w => w.Column(t => t.Distance, c => c.Mean(max: 1)));

    private static ContractReport Check(Contract<Trip> contract, int files, string? lastFlag)
    {
        var random = new Random(5);
        var check = contract.Begin();
        for (var file = 0; file < files; file++)
        {
            check.Open($"2019-{file + 1:D2}.csv", Trips.Header);
            for (var line = 0; line < 400; line++)
            {
                check.Check(
                    new()
                    {
                        Fare = random.Next(100) == 0 ? 0 : 5 + 10 * random.NextDouble(),
                        Distance = 3 * random.NextDouble(),
                        Passengers = random.Next(4) == 0 ? null : random.Next(5),
                        Flag = file == files - 1 && lastFlag is not null && line % 2 == 0 ? lastFlag : "Y",
                        PickedUp = new DateTime(2019, 1 + file, 1).AddMinutes(line),
                    },
                    new($"2019-{file + 1:D2}.csv", line + 2));
            }
        }
        return check.Complete();
    }

    [Fact]
    public void BadDataIsShownWithWhatToDo()
    {
        var page = ContractReportPage.Render(Check(Steady, 8, "X"));
        Assert.Contains("<h1>Data breaks its contract</h1>", page);
        Assert.Matches("<b>categories of flag</b> <span>1[0-9]{2} rows with &#39;X&#39;, expected only", page);
        Assert.Contains("2019-08.csv: new categories of flag", page);
        Assert.Contains("<h3>What to do</h3>", page);
        Assert.Contains("name it in HistoryStartsAt", page);
        Assert.Contains("<span class=\"chip warn\">X</span>", page);
        Assert.Contains("the 7 accepted files before it", page);
        Assert.Contains("free &amp; far", page);
        Assert.Contains("<code>fare = 0</code>", page);
        // The column at fault comes first.
        Assert.Equal("flag", ColumnTitle().Match(page).Groups[1].Value);
    }

    [Fact]
    public void GoodDataIsShownAsWell()
    {
        var page = ContractReportPage.Render(Check(Steady, 8, null));
        Assert.Contains("<h1>Data keeps its contract</h1>", page);
        Assert.Contains("<h2>Warnings</h2>", page);
        Assert.DoesNotContain("<h2>What is wrong</h2>", page);
        Assert.DoesNotContain("What to do", page);
    }

    [Fact]
    public void HostileValuesStayText()
    {
        var contract = Contract.For<Trip>().Column(t => t.Flag, c => c.Categories("Y"))
            .Row(Hostile, 0, (trip, _) => trip.Fare == 0, t => t.Flag);
        var check = contract.Begin();
        check.Open(Hostile, [.. Trips.Header, Hostile]);
        check.Check(new() { Flag = Hostile }, new(Hostile, 2));
        check.Check(new() { Flag = Hostile, Fare = 0 }, new(Hostile, 3));
        var page = ContractReportPage.Render(check.Complete());
        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain(page, c => char.IsControl(c) && c != '\n');
        Assert.Contains("&lt;script&gt;alert(&#39;x&#39;)", page);
        AssertWellFormed(page);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    public void PageIsWellFormedAndNeedsNothingElse(int files)
    {
        var page = ContractReportPage.Render(Check(Steady, files, "X"));
        AssertWellFormed(page);
        Assert.DoesNotContain("http", page);
        Assert.DoesNotContain("src=", page);
        Assert.DoesNotContain("@import", page);
        Assert.DoesNotContain("url(", page);
        Assert.InRange(page.Length, 1_000, 120_000);
    }

    [Fact]
    public void SignsBeyondSixteenBitsStayThemselves()
    {
        var page = ContractReportPage.Render(Contract.For<Trip>().Column(t => t.Flag, c => c.Categories("Y")).Check(
            new Trip { Flag = "🚕" }, new Trip { Flag = "🚗" }, new Trip { Flag = new string('x', 199) + "🚙🚗" }));
        Assert.Contains("&#128661;", page);
        Assert.Contains("&#128663;", page);
        Assert.Contains("x&#128665;…", page);
        Assert.DoesNotContain("\uFFFD", page);
    }

    [Fact]
    public void FirstFileWithAFaultIsAmongThoseShown()
    {
        var check = Contract.For<Trip>().RowsPerFile(min: 2).Begin();
        for (var file = 0; file < 365; file++)
        {
            check.Open($"day {file:D3}", Trips.Header);
            for (var line = 0; line < (file == 9 ? 1 : 2); line++)
                check.Check(new(), new($"day {file:D3}", line));
        }
        var page = ContractReportPage.Render(check.Complete());
        Assert.Contains("<tr class=\"focus\"><td>day 009</td>", page);
        Assert.Contains("<td>day 068</td>", page);
        Assert.DoesNotContain("<td>day 069</td>", page);
        Assert.Contains("and 305 other files more", page);
    }

    [Fact]
    public void HistoryThatStartsAnewIsDrawnFromThereOn() => Assert.Contains(
        "the 5 accepted files before it",
        ContractReportPage.Render(Check(Steady.HistoryStartsAt("2019-03.csv", "new fares"), 8, "X")));

    [Fact]
    public void SameReportGivesTheSamePage() => Assert.Equal(
        ContractReportPage.Render(Check(Steady, 8, "X")), ContractReportPage.Render(Check(Steady, 8, "X")));

    [Fact]
    public void HistoryOfEarlierRunsIsDrawn()
    {
        var earlier = Check(Contract.For<Trip>(), 6, null);
        var last = Contract.For<Trip>().Begin();
        last.Open("2019-07.csv", Trips.Header);
        for (var line = 2; line < 9; line++)
            last.Check(new() { Distance = line }, new("2019-07.csv", line));
        var page = ContractReportPage.Render(
            last.Complete(), ContractHistory.Empty.With(earlier.AcceptedBatches()));
        Assert.Contains("the 6 accepted files before it", page);
        Assert.Contains("<path class=\"past\"", page);
    }

    // HTML whose elements are all closed is XML but for its doctype and the elements that are never closed.
    private static void AssertWellFormed(string page) => XDocument.Parse(
        OpenElement().Replace(page.Replace("<!doctype html>", ""), "$0</$1>").Replace("<details open>", "<details>"));

    [GeneratedRegex("<(meta)[^>]*>")]
    private static partial Regex OpenElement();

    [GeneratedRegex("<article[^>]*>\\n<h3>([a-z_]+) ")]
    private static partial Regex ColumnTitle();
}
