using System.Globalization;
using MLBuild.Engine.Inspection;

namespace MLBuild.Engine.History;

/// <summary>A piece of work that goes on, as it is shown to whoever waits for it.</summary>
/// <param name="Usual">How long it took before; null if that is not known.</param>
/// <param name="Said">What it last said of how far it is, which knows better; null if it says nothing.</param>
public sealed record WorkInProgress(TimeSpan Elapsed, TimeSpan? Usual, string? Said)
{
    // What ends sooner need not be shown at all, and would only flicker.
    private static readonly TimeSpan WorthShowing = TimeSpan.FromSeconds(1);

    /// <summary><c>12 s, about 8 s left</c>; null while there is nothing to show.</summary>
    public string? Text() => (Said, Usual) switch
    {
        ({ } said, _) => said,
        _ when Elapsed < WorthShowing => null,
        (_, null) => Rough(Elapsed),
        (_, { } usual) when usual - Elapsed is { TotalSeconds: >= 1 } left =>
            $"{Rough(Elapsed)}, about {Rough(left)} left",
        // A second more or less is as usual.
        (_, { } usual) when Elapsed - usual < WorthShowing => $"{Rough(Elapsed)}, nearly done",
        (_, { } usual) => $"{Rough(Elapsed)}, longer than usual ({Rough(usual)})",
    };

    // Whole seconds: it is said anew each second.
    private static string Rough(TimeSpan span) => span.TotalSeconds < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (int)span.TotalSeconds)} s")
        : Wording.Duration(span);
}
