using MLBuild.Engine.Inspection;

namespace MLBuild.Stages.Views;

/// <summary>How the artifacts of the ML stages are shown.</summary>
public static class StageViews
{
    public static IReadOnlyList<IArtifactView> All => [new TableView(), new TextView(), new ModelView()];

    /// <summary>The first lines of a text; JSON set out.</summary>
    private sealed class TextView : IArtifactView
    {
        public bool Shows(string output) =>
            Path.GetExtension(output) is ".json" or ".jsonl" or ".txt" or ".md" or ".state" or ".html";

        public ArtifactContent Look(ViewedArtifact artifact, string? column)
        {
            if (column is not null)
                throw ShownArtifact.NoColumns(artifact.Output);
            var text = TextLook.Of(artifact.Path, Path.GetExtension(artifact.Output) == ".json"
                ? TextLook.Style.Json : TextLook.Style.AsItIs);
            return new(text, text.Lines);
        }
    }
}
