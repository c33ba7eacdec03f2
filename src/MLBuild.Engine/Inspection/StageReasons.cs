using System.Globalization;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Inspection;

/// <summary>Why a stage would run, and why it last did: for programs, and as lines for people.</summary>
/// <param name="Now">The units of the stage, and those before them that would run.</param>
/// <param name="Past">The last result of each unit of the stage.</param>
public sealed record StageReasons(
    string Stage, IReadOnlyList<StageReasons.Unit> Now, IReadOnlyList<StageReasons.Build> Past)
{
    /// <param name="Runs">True if its code would run, whatever happens before.</param>
    /// <param name="Text">What would become of it, in words.</param>
    public sealed record Unit(string Name, string Stage, bool Runs, string Text);

    /// <param name="Recipe">The fingerprint of what it was made by.</param>
    /// <param name="Before">That of the result before; null if this was the first.</param>
    /// <param name="Changes">How its recipe differed from that.</param>
    public sealed record Build(
        string Unit, DateTimeOffset FinishedUtc, double Seconds, string Recipe, string? Before,
        IReadOnlyList<Change> Changes);

    /// <param name="Name">Unique within its kind: of a parameter, a method, a package.</param>
    /// <param name="Before">Its value: of code, a hash. Null if it was not there.</param>
    /// <param name="After">Its value. Null if it is gone.</param>
    /// <param name="Text">The change in words.</param>
    public sealed record Change(RecipeKind Kind, string Name, string? Before, string? After, string Text);

    public static Answer Answer(Stage stage, IReadOnlyList<Forecast.Line> now, IReadOnlyList<Forecast.Past> past,
        Page page)
    {
        var shown = now.Where(line => line.Stage == stage.Name || line.Expectation.IsSureToRun).ToArray();
        return new($"{stage.Name}: why it would run is",
            new StageReasons(stage.Name.ToString(),
                [.. shown.Select(line => new Unit(line.Unit, line.Stage.ToString(), line.Expectation.IsSureToRun,
                    line.Expectation.ToString()!))],
                [.. past.Select(Of)]),
            () => Lines(shown, past).SelectMany(line => page.Wrap(line)));
    }

    private static Build Of(Forecast.Past past) => new(
        past.Last.Stage, past.Last.FinishedAt.ToUniversalTime(), past.Last.Duration.TotalSeconds,
        past.Last.Fingerprint.Hex, past.Before?.Fingerprint.Hex,
        [.. past.Changes.Select(change => new Change((change.After ?? change.Before)!.Kind,
            (change.After ?? change.Before)!.Name, change.Before?.Value, change.After?.Value, change.ToString()))]);

    private static IEnumerable<string> Lines(IEnumerable<Forecast.Line> now, IEnumerable<Forecast.Past> past)
    {
        foreach (var line in now)
            yield return line.ToString();
        foreach (var build in past)
        {
            yield return "";
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{build.Last.Stage} was built {build.Last.FinishedAt:yyyy-MM-dd HH:mm} UTC in " +
                $"{Wording.Duration(build.Last.Duration)}, recipe {build.Last.Fingerprint.Short}") +
                (build.Before is null ? ", for the first time." : ". Compared with the build before it:");
            foreach (var change in build.Changes)
                yield return $"  {change}";
        }
    }
}
