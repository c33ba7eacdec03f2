using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Tests.Contracts;

/// <summary>Contracts proposed from data, and the C# of them.</summary>
public sealed class ProposingContracts
{
    private static ContractReport Measure(int files, int rows, int seed = 1)
    {
        var random = new Random(seed);
        var check = Contract.For<Order>().Begin();
        for (var file = 0; file < files; file++)
        {
            check.Open($"{file}", [.. RowSchema<Order>.Instance.Columns.Select(column => column.Name)]);
            for (var line = 0; line < rows; line++)
            {
                check.Check(
                    new()
                    {
                        Number = seed * 1_000_000L + file * 10_000 + line,
                        Price = Math.Round((decimal)(5 + 20 * random.NextDouble()), 2),
                        Weight = random.NextDouble() * 3 - 1,
                        State = new[] { "new", "paid \"in full\"", "sent" }[random.Next(3)],
                        IsGift = random.Next(9) == 0,
                        Customer = random.Next(3) == 0 ? null : random.Next(150),
                        At = new DateTime(2024, 1, 1).AddMinutes(random.Next(100_000)),
                    },
                    new($"{file}", line + 2));
            }
        }
        return check.Complete();
    }

    [Fact]
    public void ProposalHoldsForOtherDataOfTheSameKind()
    {
        var contract = Contract.For<Order>().With(ContractInference.Propose<Order>(Measure(6, 500)));
        var check = contract.Begin();
        var random = new Random(99);
        check.Open("next", [.. RowSchema<Order>.Instance.Columns.Select(column => column.Name)]);
        for (var line = 0; line < 500; line++)
        {
            check.Check(
                new()
                {
                    Number = 50_000_000 + line,
                    Price = Math.Round((decimal)(5 + 20 * random.NextDouble()), 2),
                    Weight = random.NextDouble() * 3 - 1,
                    State = new[] { "new", "paid \"in full\"", "sent" }[random.Next(3)],
                    IsGift = random.Next(9) == 0,
                    Customer = random.Next(3) == 0 ? null : random.Next(150),
                    At = new DateTime(2024, 2, 1),
                },
                new("next", line + 2));
        }
        var report = check.Complete();
        Assert.True(report.Passed, ContractReportText.Render(report));
    }

    [Fact]
    public void NumberOfMoreRowsThanAreCountedIsNoMeasure()
    {
        var proposal = ContractInference.Propose<Order>(Measure(6, 3_000));
        Assert.DoesNotContain(proposal.Rules, rule => rule.Columns.Contains("number"));
        Assert.DoesNotContain(proposal.Expectations, entry => entry.Column == "number");
        Assert.DoesNotContain(proposal.Steady, entry => entry.Column == "number");
        Assert.Contains(proposal.Steady, entry => entry.Column is null);
    }

    [Fact]
    public void ProposalIsReadable() => Assert.Equal(
        """
        {
          "format": 1,
          "rowType": "Order",
          "headers": "fail",
          "columns": [
            {"name":"number","type":"int64"},
            {"name":"price","type":"decimal"},
            {"name":"weight","type":"double"},
            {"name":"state","type":"string"},
            {"name":"is_gift","type":"boolean"},
            {"name":"customer","type":"int32","nullable":true},
            {"name":"at","type":"dateTime"}
          ],
          "rules": [
            {"rule":"a number is not finite","kind":"finite","columns":["weight"],"tolerance":0,"severity":"fail"},
            {"rule":"price outside 0..35","kind":"range","columns":["price"],"min":0,"max":35,"tolerance":0.0054,"severity":"fail"},
            {"rule":"weight outside -2.5..3.5","kind":"range","columns":["weight"],"min":-2.5,"max":3.5,"tolerance":0.0054,"severity":"fail"},
            {"rule":"number occurs more than once","kind":"unique","columns":["number"],"tolerance":0,"severity":"fail"}
          ],
          "expectations": [
            {"statistic":"rows","perFile":true,"min":500,"severity":"fail"},
            {"column":"price","statistic":"mean","min":14,"max":16,"severity":"fail"},
            {"column":"weight","statistic":"mean","min":0.38,"max":0.56,"severity":"fail"},
            {"column":"state","statistic":"nullRatio","max":0.011,"severity":"fail"},
            {"column":"state","statistic":"otherCategories","allowed":["new","paid \"in full\"","sent"],"severity":"fail"},
            {"column":"is_gift","statistic":"otherCategories","allowed":["false","true"],"severity":"fail"},
            {"column":"customer","statistic":"nullRatio","max":0.41,"severity":"fail"},
            {"column":"customer","statistic":"cardinality","max":230,"severity":"fail"}
          ]
        }

        """,
        ContractInference.Propose<Order>(Measure(2, 1_000)).ToJson());

    // All are different, as ids are; but of sentences that is chance, and of names of people it ends one day.
    [Theory]
    [InlineData("ticket-{0}", true)]
    [InlineData("user{0}@shop.example", true)]
    [InlineData("my printer is broken since {0}", false)]
    [InlineData("Anna\t{0}", false)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{0}", false)]
    public void TextsAreKeysWhereTheyAreIdsAndNotProse(string text, bool isKey)
    {
        var check = Contract.For<Note>().Begin();
        check.Open("a", ["text"]);
        for (var line = 0; line < 200; line++)
            check.Check(new() { Text = text.Replace("{0}", $"{line}", StringComparison.Ordinal) }, new("a", line + 2));
        var proposal = ContractInference.Propose<Note>(check.Complete());
        Assert.Equal(isKey, proposal.Rules.Any(rule => rule.Kind == RuleKind.Unique));
        // How many different sentences there are is nothing to hold data to; that there is one, is.
        Assert.Equal(
            isKey ? [] : [Statistic.NullRatio],
            proposal.Expectations.Where(entry => entry.Column == "text").Select(entry => entry.Statistic));
    }

    // A few sentences again and again are categories like others.
    [Fact]
    public void ProseThatComesAgainIsCounted()
    {
        var check = Contract.For<Note>().Begin();
        check.Open("a", ["text"]);
        for (var line = 0; line < 200; line++)
            check.Check(new() { Text = $"my printer is broken since {line % 60}" }, new("a", line + 2));
        Assert.Contains(
            ContractInference.Propose<Note>(check.Complete()).Expectations,
            entry => entry is { Column: "text", Statistic: Statistic.Cardinality, Max: 90 });
    }

    [Fact]
    public void FewRowsLeaveMoreRoom()
    {
        var (few, many) = (Propose(30), Propose(3_000));
        Assert.True(Price(few).Tolerance > 10 * Price(many).Tolerance);
        Assert.True(Nulls(few) > Nulls(many));

        static ContractDocument Propose(int rows) => ContractInference.Propose<Order>(Measure(1, rows));

        static RuleEntry Price(ContractDocument document) =>
            document.Rules.Single(rule => rule.Columns is ["price"]);

        static double Nulls(ContractDocument document) => document.Expectations.Single(entry =>
            (entry.Column, entry.Statistic) == ("customer", Statistic.NullRatio)).Max!.Value;
    }

    [Fact]
    public void ManyFilesAreProposedAsHistory()
    {
        Assert.Empty(ContractInference.Propose<Order>(Measure(4, 100)).Steady);
        Assert.NotEmpty(ContractInference.Propose<Order>(Measure(5, 100)).Steady);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public void CodeCompilesToTheSameContract(int files)
    {
        var proposal = ContractInference.Propose<Order>(Measure(files, 1_000));
        Assert.Empty(ContractDocument.Difference(proposal, Compile(ContractCode.Render<Order>(proposal)).ToDocument()));
    }

    [Fact]
    public void CodeSaysWhatIsNoCheckToo()
    {
        var contract = Contract.For<Order>()
            .Headers(Severity.Warn)
            .AllowsExtraColumns("tip", "tax \"of all\"")
            .AllowsMissingColumns("customer")
            .OnlyInTraining(order => order.Price, order => order.At)
            .History(new() { LeastBatches = 7, FalseAlarms = 0.001, LeastRank = 0.1 })
            .HistoryStartsAt("2020-03.csv", "the city closes")
            .Rows(100)
            .NonFinite(0.01)
            .Monotone(order => order.At, 0.01)
            .Unique("twice", 0, order => order.Number)
            .SteadyRows()
            .Column(order => order.Price, c => c.Range(0, 250, 0.001).Quantile(0.5, max: 12).Steady(Statistic.Mean))
            .Warning(warn => warn.Column(order => order.Weight, c => c.Mean(max: 5).SteadyQuantiles(0.25)));
        var document = contract.ToDocument();
        Assert.Empty(ContractDocument.Difference(document, Compile(ContractCode.Render<Order>(document)).ToDocument()));
    }

    private static Contract<Order> Compile(string code)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Append(typeof(Order).Assembly.Location)
            .Distinct()
            .Select(path => MetadataReference.CreateFromFile(path));
        using var assembly = new MemoryStream();
        var result = CSharpCompilation.Create(
                "Proposed", [CSharpSyntaxTree.ParseText(code)], references,
                new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable))
            .Emit(assembly);
        Assert.True(result.Success, code + string.Join("\n", result.Diagnostics));
        return (Contract<Order>)System.Reflection.Assembly.Load(assembly.ToArray())
            .GetType("MLBuild.Learning.Tests.Contracts.OrderContract")!.GetField("Proposed")!.GetValue(null)!;
    }

    [Fact]
    public void NoRowsProposeNothing() => Assert.Equal(
        "Nothing can be proposed for Order from no accepted row.",
        Assert.Throws<ArgumentException>(() => ContractInference.Propose<Order>(Measure(1, 0))).Message);
}

/// <summary>A row type with a column of every kind.</summary>
public sealed class Order
{
    [Column("number")]
    public long Number { get; set; }

    [Column("price")]
    public decimal Price { get; set; }

    [Column("weight")]
    public double Weight { get; set; }

    [Column("state")]
    public string State { get; set; } = "";

    [Column("is_gift")]
    public bool IsGift { get; set; }

    [Column("customer")]
    public int? Customer { get; set; }

    [Column("at")]
    public DateTime At { get; set; }
}

/// <summary>A row that is a text.</summary>
public sealed class Note
{
    [Column("text")]
    public string Text { get; set; } = "";
}
