using System.Globalization;
using MLBuild.Engine.Inspection;
using MLBuild.Engine.Recipes;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Reports;

namespace MLBuild.Stages.Views;

/// <summary>A trained model: what it is, by which parameters, what it takes, and how much it needs of that where a
/// report on it is in the store.</summary>
internal sealed class ModelView : IArtifactView
{
    public bool Shows(string output) => output.EndsWith(".zip", StringComparison.Ordinal);

    public ArtifactContent Look(ViewedArtifact artifact, string? column)
    {
        if (column is not null)
            throw ShownArtifact.NoColumns(artifact.Output);
        ModelSchema schema;
        try
        {
            using var file = File.OpenRead(artifact.Path);
            schema = ScoringModel.Load(file).Schema;
        }
        catch (FormatException e)
        {
            return new(new Fault(e.Message), page => page.Wrap(e.Message));
        }
        var report = Report(artifact);
        var model = new Model(
            schema.Trainer, schema.Task.ToString()!, schema.Trees, schema.MostLeaves,
            [.. (artifact.Recipe?.Entries ?? []).Where(entry => entry.Kind == RecipeKind.Parameter)
                .Select(entry => new Parameter(entry.Name, entry.Value))],
            [.. schema.Features.Columns.Select(feature => new Feature(feature.Name, feature.Kind.ToString()))],
            [.. (report?.Importance?.Features ?? []).Select(each => new Importance(
                each.Name, MetricText.Number(each.Rise), MetricText.Number(each.Least),
                MetricText.Number(each.Most)))]);
        return new(model, page => Lines(model, page));
    }

    private static EvaluateReport? Report(ViewedArtifact artifact)
    {
        try
        {
            return artifact.Behind(EvaluateStage.Report) is { } path ? ReportFile.Read<EvaluateReport>(path) : null;
        }
        catch (FormatException)
        {
            // Another's file of this name, or of another version of this code.
            return null;
        }
    }

    private static IEnumerable<string> Lines(Model model, Page page) =>
    [
        $"{model.Trainer}" + (model.Trees is { } trees ? string.Create(CultureInfo.InvariantCulture,
            $", {trees} trees of at most {model.MostLeaves} leaves") : "") + $"; predicts {model.Task}",
        .. Section(page, [new("parameter"), new("value", IsCut: true)],
            model.Parameters.Select(parameter => (PageCell[])[parameter.Name, parameter.Value])),
        .. Section(page, [new("feature"), new("kind")],
            model.Features.Select(feature => (PageCell[])[feature.Name, feature.Kind])),
        .. Section(page,
            [new("importance"), new("loss rises by", IsNumber: true), new("least", IsNumber: true),
                new("most", IsNumber: true)],
            model.Importance.Select(each =>
                (PageCell[])[each.Name, Text(each.Rise), Text(each.Least), Text(each.Most)])),
    ];

    private static IEnumerable<string> Section(
        Page page, IReadOnlyList<PageColumn> columns, IEnumerable<IReadOnlyList<PageCell>> rows) =>
        rows.ToArray() is { Length: > 0 } all ? ["", .. PageTable.Lines(page, columns, all)] : [];

    private static string Text(double? value) => value?.ToString("G4", CultureInfo.InvariantCulture) ?? "-";

    private sealed record Model(
        string Trainer, string Task, int? Trees, int? MostLeaves, IReadOnlyList<Parameter> Parameters,
        IReadOnlyList<Feature> Features, IReadOnlyList<Importance> Importance);

    private sealed record Parameter(string Name, string Value);

    private sealed record Feature(string Name, string Kind);

    private sealed record Importance(string Name, double? Rise, double? Least, double? Most);

    private sealed record Fault(string Message);
}
