using MLBuild.Learning.Contracts;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Tests.Contracts;

/// <summary>Contracts as JSON, and what a changed one says.</summary>
public sealed class WritingContractDocuments
{
    private static readonly Contract<Trip> Full = Contract.For<Trip>()
        .Rows(min: 100)
        .RowsPerFile(1, 9_000)
        .NonFinite(0.01)
        .AllowsExtraColumns("tip")
        .AllowsMissingColumns("flag")
        .OnlyInTraining(t => t.Fare)
        .Column(t => t.Fare, c => c
            .Range(0, 250, tolerance: 0.001).Mean(8, 20).Quantile(0.5, max: 12).Steady(Statistic.Mean))
        .Column(t => t.Flag, c => c.Categories("Y", "N"))
        .Row("late \"night\"", 0.3, (trip, _) => trip.PickedUp.Hour > 22, t => t.PickedUp)
        .References("unknown vendor", 0, t => t.Vendor, new HashSet<int> { 1, 2 })
        .Monotone(t => t.PickedUp, 0.01)
        .Unique("twice", 0, t => t.PickedUp, t => t.Vendor)
        .Warning(w => w.Column(t => t.Distance, c => c.Mean(max: 5)))
        .HistoryStartsAt("2019-02.csv", "surcharge");

    [Fact]
    public void JsonHasALineForEachEntry() => Assert.Equal(
        """
        {
          "format": 1,
          "rowType": "Trip",
          "headers": "fail",
          "columns": [
            {"name":"vendor","type":"int32"},
            {"name":"passengers","type":"int32","nullable":true},
            {"name":"distance","type":"double"},
            {"name":"fare","type":"double","onlyIn":"training"},
            {"name":"flag","type":"string","nullable":true,"missing":true},
            {"name":"picked_up","type":"dateTime"}
          ],
          "rules": [
            {"rule":"a number is not finite","kind":"finite","columns":["distance","fare"],"tolerance":0.01,"severity":"fail"},
            {"rule":"fare outside 0..250","kind":"range","columns":["fare"],"min":0,"max":250,"tolerance":0.001,"severity":"fail"},
            {"rule":"late \"night\"","kind":"code","columns":["picked_up"],"tolerance":0.3,"severity":"fail"},
            {"rule":"unknown vendor","kind":"references","columns":["vendor"],"tolerance":0,"severity":"fail"},
            {"rule":"picked_up goes back","kind":"monotone","columns":["picked_up"],"tolerance":0.01,"severity":"fail"},
            {"rule":"twice","kind":"unique","columns":["picked_up","vendor"],"tolerance":0,"severity":"fail"}
          ],
          "expectations": [
            {"statistic":"rows","min":100,"severity":"fail"},
            {"statistic":"rows","perFile":true,"min":1,"max":9000,"severity":"fail"},
            {"column":"fare","statistic":"mean","min":8,"max":20,"severity":"fail"},
            {"column":"fare","statistic":"quantile","share":0.5,"max":12,"severity":"fail"},
            {"column":"flag","statistic":"otherCategories","allowed":["Y","N"],"severity":"fail"},
            {"column":"distance","statistic":"mean","max":5,"severity":"warn"}
          ],
          "steady": [
            {"column":"fare","statistic":"mean","severity":"fail"}
          ],
          "beginnings": [
            {"file":"2019-02.csv","because":"surcharge"}
          ],
          "extra": [
            {"name":"tip"}
          ]
        }

        """,
        Full.ToDocument().ToJson());

    [Fact]
    public void DocumentRoundTrips()
    {
        var json = Full.History(new() { FalseAlarms = 0.001 }).ToDocument().ToJson();
        Assert.Equal(json, ContractDocument.Parse(json).ToJson());
        Assert.Contains("\"falseAlarms\":0.001", json);
    }

    public static TheoryData<string, string> Faults => new()
    {
        {
            "{\n  \"rowType\": \"Trip\",\n  \"colums\": []\n}",
            "contract.json line 3: colums is no member of a contract. Remove it, or mend its name."
        },
        {
            "{\n\"rowType\":\"Trip\",\n\"rules\":[\n{\"rule\":\"x\",\"kind\":\"magic\",\"columns\":[]}]}",
            "contract.json line 4: rules[0].kind has a value that cannot be. "
            + "Expected one of code, finite, range, references, monotone, unique."
        },
        {
            "{\"rowType\":\"Trip\",\n\"expectations\":[{\"statistic\":\"mean\",\"min\":\"8\"}]}",
            "contract.json line 2: expectations[0].min has a value that cannot be. Expected a number."
        },
        {
            "{\"rules\":[]}",
            "contract.json line 1: the document lacks 'rowType'. Add it."
        },
        {
            "{\"rowType\":\"Trip\",\n\"expectations\":[{\"column\":\"fare\",\"min\":8,\"max\":20}]}",
            "contract.json line 2: expectations[0] lacks 'statistic'. Add it."
        },
        {
            "{\"rowType\":\"Trip\",\n\"rules\":[{\"rule\":\"x\",\"min\":0}]}",
            "contract.json line 2: rules[0] lacks 'kind', 'columns'. Add them."
        },
        {
            "{\"rowType\":\"Trip\",\n\"rules\":null}",
            "contract.json line 2: rules is null. Expected a list."
        },
        { "{\"rowType\":\"Trip\",\n\"rules\":[null]}", "contract.json: an entry of rules is null. Remove it." },
        {
            "{\"rowType\":\"Trip\",\"rules\":[{\"rule\":\"x\",\"kind\":\"unique\",\"columns\":[null]}]}",
            "contract.json: an entry of columns of rule 'x' is null. Remove it."
        },
        {
            "{\"rowType\":\"Trip\",\n\"rules\":[\"x\"]}",
            "contract.json line 2: rules[0] has a value that cannot be. Expected an entry in braces."
        },
        {
            "{\"rowType\":\"Trip\",\n\"rules\":[{\"rule\":\"x\",\"kind\":\"unique\",\"columns\":[7]}]}",
            "contract.json line 2: rules[0].columns[0] has a value that cannot be. Expected a text."
        },
        {
            "{\"rowType\":\"Trip\",\n\"history\":{\"leastBatches\":\"5\"}}",
            "contract.json line 2: history.leastBatches has a value that cannot be. Expected a whole number."
        },
        {
            "{\"rowType\":\"Trip\",\n\"history\":{\"leastMove\":\"much\"}}",
            "contract.json line 2: history.leastMove has a value that cannot be. Expected a number."
        },
        {
            "{\"rowType\":\"Trip\",\n\"history\":7}",
            "contract.json line 2: history has a value that cannot be. Expected an entry in braces."
        },
        {
            "{\"rowType\":\"Trip\",\n\"rules\":[,]}",
            "contract.json line 2: rules[0] is where the JSON ends to be JSON. "
            + "Look for a comma or a bracket too many or too few."
        },
        {
            "{\"format\":7,\"rowType\":\"Trip\"}",
            "contract.json has format 7; this version of MLBuild reads 1. "
            + "Write it again with the version that built it."
        },
        { "null", "contract.json is 'null'; expected a contract." },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void FaultNamesLineAndMember(string json, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => ContractDocument.Parse(json)).Message);

    [Fact]
    public void EqualContractsDoNotDiffer() =>
        Assert.Empty(ContractDocument.Difference(Full.ToDocument(), Full.ToDocument()));

    [Fact]
    public void LooseningIsMarked()
    {
        var was = Contract.For<Trip>()
            .Column(t => t.Fare, c => c.Mean(8, 20).Range(0, 250, tolerance: 0.01).NullRatio(max: 0))
            .Column(t => t.Flag, c => c.Categories("Y", "N"))
            .Column(t => t.Distance, c => c.Mean(1, 5).Steady(Statistic.Mean))
            .Row("late", 0, (_, _) => false)
            .Unique("twice", 0, t => t.PickedUp);
        var now = Contract.For<Trip>()
            .AllowsExtraColumns("tip")
            .AllowsMissingColumns("flag")
            .Column(t => t.Fare, c => c.Mean(8, 25).Range(0, 250, tolerance: 0.005))
            .Column(t => t.Flag, c => c.Categories("Y", "N", "X").NullRatio(max: 0.1))
            .Column(t => t.Distance, c => c.Mean(2, 5))
            .Warning(w => w.Row("late", 0, (_, _) => false))
            .Unique("twice", 0, t => t.PickedUp, t => t.Vendor)
            .HistoryStartsAt("2020-03.csv", "the city closes");
        Assert.Equal(
            [
                "column flag String? -> String?, may be missing  (loosened)",
                "fare: range 0..250, of fare, tolerance 1 % -> 0..250, of fare, tolerance 0.5 %",
                "rule \"late\" of , tolerance 0 % -> of , tolerance 0 %, warns  (loosened)",
                "rule \"twice\" of picked_up, tolerance 0 % -> of picked_up, vendor, tolerance 0 %  (loosened)",
                "fare: mean 8..20 -> 8..25  (loosened)",
                "- fare: null ratio at most 0  (loosened)",
                "flag: categories Y, N -> Y, N, X  (loosened)",
                "distance: mean 1..5 -> 2..5",
                "+ flag: null ratio at most 0.1",
                "- distance: steady mean fails  (loosened)",
                "+ history starts at 2020-03.csv \"the city closes\"  (loosened)",
                "+ extra column tip  (loosened)",
            ],
            ContractDocument.Difference(was.ToDocument(), now.ToDocument()));
    }

    [Theory]
    [InlineData(200, "fare: range 0..250, of fare, tolerance 0 % -> 0..200, of fare, tolerance 0 %")]
    [InlineData(300, "fare: range 0..250, of fare, tolerance 0 % -> 0..300, of fare, tolerance 0 %  (loosened)")]
    public void RangeIsLoosenedWhereItIsWider(double max, string line) => Assert.Equal(
        [line], ContractDocument.Difference(Range(250), Range(max)));

    [Fact]
    public void CategoriesInAnotherOrderAreTheSame()
    {
        Assert.Empty(ContractDocument.Difference(Flags("Y", "N"), Flags("N", "Y")));
        Assert.Equal(
            ["flag: categories Y, N -> N, Y, warns  (loosened)"],
            ContractDocument.Difference(Flags("Y", "N"), Contract.For<Trip>()
                .Warning(warn => warn.Column(t => t.Flag, c => c.Categories("N", "Y"))).ToDocument()));

        static ContractDocument Flags(params string[] allowed) =>
            Contract.For<Trip>().Column(t => t.Flag, c => c.Categories(allowed)).ToDocument();
    }

    [Fact]
    public void ChecksOfOneNameAreComparedEach()
    {
        var was = Contract.For<Trip>().Column(t => t.Fare, c => c.Mean(8, 20))
            .Warning(w => w.Column(t => t.Fare, c => c.Mean(10, 15)));
        var now = Contract.For<Trip>().Column(t => t.Fare, c => c.Mean(0, 100))
            .Warning(w => w.Column(t => t.Fare, c => c.Mean(10, 15)));
        Assert.Equal(
            ["fare: mean 8..20 -> 0..100  (loosened)"],
            ContractDocument.Difference(was.ToDocument(), now.ToDocument()));
    }

    [Fact]
    public void ChangeThatTextsRoundAwayIsShownInFull() => Assert.Equal(
        [
            """rule "late" {"rule":"late","kind":"code","columns":[],"tolerance":1E-07,"severity":"fail"}"""
            + """ -> {"rule":"late","kind":"code","columns":[],"tolerance":9E-07,"severity":"fail"}  (loosened)""",
        ],
        ContractDocument.Difference(
            Contract.For<Trip>().Row("late", 1e-7, (_, _) => false).ToDocument(),
            Contract.For<Trip>().Row("late", 9e-7, (_, _) => false).ToDocument()));

    private static ContractDocument Range(double max) =>
        Contract.For<Trip>().Column(t => t.Fare, c => c.Range(0, max)).ToDocument();

    [Fact]
    public void BoundsOfTheDocumentReplaceThoseOfTheContract()
    {
        var code = Contract.For<Trip>()
            .Column(t => t.Fare, c => c.Range(0, 100))
            .Column(t => t.Distance, c => c.Range(0, 50))
            .Monotone(t => t.PickedUp)
            .Row("late", 0, (trip, _) => trip.PickedUp.Hour > 22);
        Assert.Equal(
            ["a number is not finite", "fare outside 0..250", "late"],
            code.With(Range(250)).ToDocument().Rules.Select(rule => rule.Rule));
    }

    [Fact]
    public void DocumentCanBeAppliedToTheCodeItNeeds()
    {
        var code = Contract.For<Trip>()
            .Row("late \"night\"", 1, (trip, _) => trip.PickedUp.Hour > 22, t => t.PickedUp)
            .References("unknown vendor", 1, t => t.Vendor, new HashSet<int> { 1, 2 });
        var applied = code.With(ContractDocument.Parse(Full.ToDocument().ToJson()));
        Assert.Equal(Full.ToDocument().ToJson(), applied.ToDocument().ToJson());
        Trip[] trips = [new() { Flag = "X", Fare = 300 }, new() { Vendor = 7 }, new()];
        Assert.Equal(
            ContractReportText.Render(Full.Check(trips)), ContractReportText.Render(applied.Check(trips)));
    }

    [Fact]
    public void DocumentThatDoesNotFitIsRefusedWithEveryFault() => Assert.Equal(
        "The contract of Trip cannot take its document: it is about Fare; the row type has no column 'tip'; "
        + "column 'flag' is String? in C# and String there; a check names column 'tax', which the row type has not; "
        + "only C# can supply rule 'late': add it to the contract.",
        Assert.Throws<ArgumentException>(() => Contract.For<Trip>().With(new()
        {
            RowType = "Fare",
            Columns = [new("tip", ColumnType.Double), new("flag", ColumnType.String)],
            Rules = [new("late", RuleKind.Code, [])],
            Expectations = [new("tax", Statistic.Mean, Min: 1)],
        })).Message);

    [Fact]
    public void ChecksThatCannotBeAreRefusedWithEveryFault() => Assert.Equal(
        "The contract of Trip cannot take its document: files may lack column 'fare', which is not nullable; "
        + "it has 2 rules 'x'; rule 'x' has no limit; rule 'x' needs a numeric column; rule 'x' has no key; "
        + "Mean has no column; a quantile of 'fare' has no share above 0 and below 1; "
        + "NewCategories is no expectation, but can be steady; Mean needs a numeric column, and 'flag' is none; "
        + "Rows is of no column, and has 'fare'; OtherCategories cannot be steady; NewCategories can.",
        Assert.Throws<ArgumentException>(() => Contract.For<Trip>().With(new()
        {
            RowType = "Trip",
            Columns = [new("fare", ColumnType.Double, Missing: true)],
            Rules = [new("x", RuleKind.Range, ["flag"]), new("x", RuleKind.Unique, [])],
            Expectations =
            [
                new(null, Statistic.Mean, Min: 1), new("fare", Statistic.Quantile, Min: 1),
                new("flag", Statistic.NewCategories, Max: 1), new("flag", Statistic.Mean, Min: 1),
                new("fare", Statistic.Rows, Min: 1),
            ],
            Steady = [new("flag", Statistic.OtherCategories)],
        })).Message);

    [Fact]
    public void CategoryThatIsNoValueIsNamed() => Assert.Equal(
        "The contract of Trip: category '3000000000' of 'vendor' is no Int32. Mend it.",
        Assert.Throws<ArgumentException>(() => Contract.For<Trip>().With(new()
        {
            RowType = "Trip",
            Expectations = [new("vendor", Statistic.OtherCategories, Allowed: ["3000000000"])],
        })).Message);
}
