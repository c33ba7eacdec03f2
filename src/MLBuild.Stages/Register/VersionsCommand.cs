using MLBuild.Engine;
using MLBuild.Engine.Inspection;
using MLBuild.Registry;

namespace MLBuild.Stages.Register;

/// <summary>Says which versions a model has, or all that is known of one: in lines, or in a file.</summary>
public static class VersionsCommand
{
    /// <param name="number">The version; null for a list of all.</param>
    /// <param name="withArchived">The list also has those that were put aside.</param>
    /// <param name="file">All of it where it ends with <c>.json</c>; null for lines.</param>
    /// <param name="page">What the lines are written on.</param>
    /// <returns>The lines, or what was written.</returns>
    /// <exception cref="PipelineException">The file ends otherwise, or cannot be written.</exception>
    /// <exception cref="RegistryException">There is no such version.</exception>
    public static IEnumerable<string> Run(
        IModelRegistry registry, string model, int? number, bool withArchived, string? file, Page page)
    {
        if (number is { } one)
        {
            var story = VersionStory.Of(registry, model, one);
            return new Answer(
                FormattableString.Invariant($"{model} version {one}: all that is known of it is"), story,
                () => VersionList.Details(story, page)).In(file);
        }
        var listing = VersionListing.Of(registry, model, withArchived);
        return new Answer($"{model}: its versions are", listing, () => VersionList.Lines(listing, page)).In(file);
    }
}
