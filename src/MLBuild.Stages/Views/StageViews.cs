using MLBuild.Engine.Inspection;
using MLBuild.Learning.Models;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Views;

/// <summary>How the artifacts of the ML stages are shown on a terminal.</summary>
public static class StageViews
{
    public static readonly IReadOnlyList<IArtifactView> All = [new TableView(), new TextView(), new ModelView()];

    private const int FirstRows = 10;

    /// <summary>Schema, row count and first rows of a Parquet file.</summary>
    private sealed class TableView : IArtifactView
    {
        public bool Shows(string output) => output.EndsWith(".parquet", StringComparison.Ordinal);

        public void Show(string path, TextWriter to) => to.Write(TablePreview.Of(path, FirstRows));
    }

    /// <summary>The first lines of a text.</summary>
    private sealed class TextView : IArtifactView
    {
        private const int MostLines = 60;

        public bool Shows(string output) => Path.GetExtension(output) is ".json" or ".csv" or ".txt" or ".md";

        public void Show(string path, TextWriter to)
        {
            using var lines = File.ReadLines(path).GetEnumerator();
            for (var shown = 0; lines.MoveNext(); shown++)
            {
                if (shown == MostLines)
                {
                    to.WriteLine($"… more: {path}");
                    return;
                }
                to.WriteLine(lines.Current);
            }
        }
    }

    /// <summary>What a trained model is and takes.</summary>
    private sealed class ModelView : IArtifactView
    {
        public bool Shows(string output) => output.EndsWith(".zip", StringComparison.Ordinal);

        public void Show(string path, TextWriter to)
        {
            using var file = File.OpenRead(path);
            var schema = ScoringModel.Load(file).Schema;
            to.WriteLine($"{schema.Trainer}" +
                (schema.Trees is { } trees ? FormattableString.Invariant(
                $", {trees} trees of at most {schema.MostLeaves} leaves") : ""));
            foreach (var feature in schema.Features.Columns)
                to.WriteLine($"  {feature}");
        }
    }
}
