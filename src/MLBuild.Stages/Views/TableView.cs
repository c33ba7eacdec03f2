using MLBuild.Engine;
using MLBuild.Engine.Inspection;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Views;

/// <summary>A table: schema, figures of each column and first rows; or one column by its distribution.</summary>
internal sealed class TableView : IArtifactView
{
    private const int FirstRows = 10;

    public bool Shows(string output) => AnyTable.Is(output);

    public ArtifactContent Look(ViewedArtifact artifact, string? column)
    {
        try
        {
            if (column is null)
            {
                var preview = TablePreview.Read(artifact.Path, artifact.Output, FirstRows,
                    artifact.InFull ? long.MaxValue : TablePreview.AtOnce);
                return new(preview, preview.Lines);
            }
            var histogram = ColumnHistogram.Read(artifact.Path, artifact.Output, column);
            return new(histogram, histogram.Lines);
        }
        catch (TableException e) when (column is null)
        {
            // Not what its name says: what it is can be seen all the same.
            var text = TextLook.Of(artifact.Path, TextLook.Style.AsItIs);
            return new(text, page => [e.Message, "", .. text.Lines(page)]);
        }
        catch (TableException e)
        {
            throw new PipelineException(e.Message);
        }
    }
}
