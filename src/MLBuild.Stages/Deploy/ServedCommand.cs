using MLBuild.Engine;
using MLBuild.Engine.Inspection;
using MLBuild.Registry;
using MLBuild.Stages.Reports;
using MLBuild.Store;

namespace MLBuild.Stages.Deploy;

/// <summary>Says what an environment served, ever or at one moment: in lines, or in a file.</summary>
public static class ServedCommand
{
    /// <param name="at">The moment, as <see cref="Moment"/> reads it; null for every deployment.</param>
    /// <param name="file">All of it where it ends with <c>.json</c>; null for lines, which at a moment also say what
    /// the gate found.</param>
    /// <param name="page">What the lines are written on.</param>
    /// <returns>The lines, or what was written.</returns>
    /// <exception cref="PipelineException">The moment is none, the file ends otherwise, or cannot be
    /// written.</exception>
    /// <exception cref="RegistryException">A name is none.</exception>
    public static IEnumerable<string> Run(
        IModelRegistry registry, LocalArtifactStore store, string model, string environment, string? at, string? file,
        Page page)
    {
        if (at is null)
        {
            var history = ServedHistory.Of(registry, model, environment);
            return new Answer(
                $"{model}: what '{environment}' served is", history, () => ServedText.Lines(history, page)).In(file);
        }
        var moment = ServedMoment.Of(registry, model, environment, Moment.Parse(at, "--at"));
        return new Answer(
            $"{model}: what '{environment}' served at {Moment.Text(moment.AtUtc)} is", moment,
            () => ServedText.Lines(moment, store).SelectMany(line => page.Wrap(line))).In(file);
    }
}
