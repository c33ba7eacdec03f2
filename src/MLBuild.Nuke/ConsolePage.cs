using MLBuild.Engine.Inspection;

namespace MLBuild.Nuke;

/// <summary>What answers are written on here: a terminal as wide as it is, anything else without edges.</summary>
public static class ConsolePage
{
    // Of a terminal that does not tell.
    private const int UsualColumns = 80;

    /// <summary>In colours only on a terminal that has them, and not where <c>NO_COLOR</c> is set.</summary>
    public static Page OfThisConsole() => Of(
        Console.IsOutputRedirected, Console.IsOutputRedirected ? 0 : Console.WindowWidth,
        Environment.GetEnvironmentVariable("TERM"), Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>From now on no line breaks within a word on a terminal, whoever writes it: the log of the host too.
    /// </summary>
    internal static void BreakAtSpaces()
    {
        if (!Console.IsOutputRedirected)
            Console.SetOut(new PageWriter(Console.Out, OfThisConsole));
    }

    internal static Page Of(bool isRedirected, int columns, string? terminal, string? noColour) => isRedirected
        ? Page.Endless
        : new(columns > 0 ? columns : UsualColumns, string.IsNullOrEmpty(noColour) && terminal is not "dumb");

    /// <summary>Writes an answer.</summary>
    public static void Print(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            Console.Out.WriteLine(line);
    }
}
