using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Features;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Split;
using MLBuild.Stages.Train;

namespace MLBuild.Stages.Cards;

/// <summary>Writes what a person has to know of a model before using it, as Markdown, which is registered with it.
/// Which files, options and packages made it is taken from the recipes of its stages.</summary>
public static class CardStage
{
    public const string Card = "card.md";

    // What a source file is in a recipe.
    private const string SourceType = "source";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Card];

    public static void Run(StageRun run, ModelAbout about)
    {
        var model = run.InputFile(TrainStage.Model);
        var training = Recipe.Parse(File.ReadAllText(run.Artifact(run.Lineage[model.Stage.ToString()])));
        var sources = run.Lineage
            .OrderBy(unit => unit.Key, StringComparer.Ordinal)
            .SelectMany(unit => Recipe.Parse(File.ReadAllText(run.Artifact(unit.Value))).Entries)
            .Where(entry => entry is { Kind: RecipeKind.Input, Type: SourceType })
            .Distinct();
        File.WriteAllText(run.Output(Card), CardText.Render(new(
            about,
            ReportFile.Read<EvaluateReport>(run.Input(EvaluateStage.Report)),
            ReportFile.Read<SplitReport>(run.Input(SplitStage.Report)),
            [.. FeatureSchema.FromJson(File.ReadAllText(run.Input(FeaturesStage.Schema))).Names],
            Named(sources),
            Named(training.Entries.Where(entry => entry.Kind == RecipeKind.Parameter)),
            Named(training.Entries.Where(entry => entry.Kind == RecipeKind.Package)))));
        run.Log($"{about.Name}: what a person has to know of it is in {Card}");
    }

    private static NamedText[] Named(IEnumerable<RecipeEntry> entries) =>
        [.. entries.Select(entry => new NamedText(entry.Name, entry.Value))];
}

/// <summary>All that a card says.</summary>
/// <param name="Sources">The raw files with their SHA-256.</param>
/// <param name="Options">Those of training.</param>
/// <param name="Packages">What training was done with: the version, and the hash of the package behind it.</param>
internal sealed record CardFacts(
    ModelAbout About, EvaluateReport Evaluation, SplitReport Split, IReadOnlyList<string> Features,
    IReadOnlyList<NamedText> Sources, IReadOnlyList<NamedText> Options, IReadOnlyList<NamedText> Packages);

/// <summary>A line of a recipe, without what it is about.</summary>
internal sealed record NamedText(string Name, string Text);
