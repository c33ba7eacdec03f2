using System.Globalization;
using MLBuild.Registry;
using MLBuild.Stages.Cards;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Store;

namespace MLBuild.Stages.Tests.Cards;

/// <summary>What a person has to know of a model, registered with it.</summary>
public sealed class WritingCards : IDisposable
{
    private readonly PipelineSpace _space = new();
    private readonly SaleBuild _build;

    public WritingCards()
    {
        _space.Write("a.csv", Sales.Csv(2000, seed: 1));
        _build = new(_space);
        _build.Evaluate = _build.Evaluate with { Unit = "euros" };
    }

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task ACardSaysWhatTheModelIsForAndHowItWasMadeAndMeasured()
    {
        await _build.Done("Card");
        var card = Card();
        Assert.StartsWith(
            $"""
            # sales

            Says what a flat is worth.

            Model `{ContentHash.Of(_space.Bytes("Train", "model.zip")).Hex}`. Its gate, for production: **passed**.

            ## Limits

            - Flats only: it has seen no house.
            - Hardly measured, for they have fewer than 30 held-out rows: district=harbour.
            - Measured on rows like those under Data; of others nothing is known.

            ## Data

            """.ReplaceLineEndings("\n"), card);
        Assert.Contains(
            $"| `a.csv` | `{ContentHash.Of(Sales.Csv(2000, seed: 1)).Hex}` |\n", card);
        Assert.Contains("held out by the hash of their key (share 0.3, seed 1); keys on both sides: 0.\n", card);
        Assert.Contains("| `Iterations` | `30` |\n", card);
        Assert.Contains("Features: `area`, `rooms`, `district_code`.\n", card);
        Assert.Matches(@"\| RMSE, euros \| [\d.]+ \| [\d.]+ to [\d.]+ \|\n", card);
        Assert.Matches(@"\| `district=harbour` \| \d+ \| [\d.]+ \|  \| [\d.]+ \|  \| [\d.]+ \|  \|", card);
        Assert.Contains("| passed | None of ", card);
        Assert.Contains("| `area` | ", card);
        Assert.Equal(
            ["# sales", "## Limits", "## Data", "## Training", "## Metrics", "## Subgroups", "## Gate",
                "## What it needs"],
            card.Split('\n').Where(line => line.StartsWith('#')));
    }

    [Fact]
    public async Task TheWeakestSubgroupComesFirstAndThoseWithTooFewRowsLast()
    {
        await _build.Done("Card");
        var rows = Card().Split("## Subgroups")[1].Split("## Gate")[0].Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|'))
            .Select(cells => (Slice: cells[1], Rmse: double.Parse(cells[3], CultureInfo.InvariantCulture)))
            .ToArray();
        Assert.Equal(3, rows.Length);
        Assert.True(rows[0].Rmse >= rows[1].Rmse);
        Assert.Equal(" `district=harbour` ", rows[2].Slice);
    }

    [Fact]
    public async Task EqualFactsGiveEqualBytes()
    {
        await _build.Done("Card");
        var first = Card();
        using var other = new PipelineSpace();
        other.Write("a.csv", Sales.Csv(2000, seed: 1));
        var build = new SaleBuild(other);
        build.Evaluate = build.Evaluate with { Unit = "euros" };
        await build.Done("Card");
        Assert.Equal(first, other.Text("Card", CardStage.Card));
    }

    [Fact]
    public async Task TextsOfDataMakeNoMarkup()
    {
        _build.Features = run => FeaturesStage.Run(run, Sales.Model with
        {
            Groups = [new("a|b", sale => $"`<b>*{sale.District}*\n# x")],
        });
        await _build.Done("Card");
        Assert.Contains("| `a\\|b='<b>*west* # x` |", Card());
        Assert.DoesNotContain("\n# x", Card());
        Assert.Contains("a\\|b=\\`\\<b>\\*harbour\\* \\# x", Card());
    }

    [Fact]
    public async Task AVersionHasItsCard()
    {
        await _build.Done("Register");
        var evidence = _space.Registry.Find("sales", 1).Evidence;
        Assert.Equal(
            Card(), _space.Workspace.Artifacts.ReadText(evidence.Attachments[CardStage.Card]));
        Assert.Equal(
            _space.Text("Evaluate", EvaluateStage.Page),
            _space.Workspace.Artifacts.ReadText(evidence.Attachments[EvaluateStage.Page]));
    }

    [Fact]
    public async Task AModelThatFailedItsGateHasACardThatSaysSo()
    {
        _build.Evaluate = _build.Evaluate with { MaxRmse = 0.5 };
        await _build.Failure("Register");
        Assert.Contains("Its gate, for production: **failed**.\n", Card());
        Assert.Equal(GateOutcome.Failed, _space.Registry.Find("sales", 1).Evidence.Gate);
        Assert.Contains(CardStage.Card, _space.Registry.Find("sales", 1).Evidence.Attachments.Select(pair => pair.Key));
    }

    private string Card() => _space.Text("Card", CardStage.Card);
}
