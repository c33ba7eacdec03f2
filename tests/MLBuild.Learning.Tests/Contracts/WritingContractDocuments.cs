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
            "contract.json line 1: the document lacks a member without which it says nothing, such as rowType. Add it."
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
                "rule \"fare outside 0..250\" 0..250, of fare, tolerance 1 % -> 0..250, of fare, tolerance 0.5 %",
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
}
