using MLBuild.Engine.Inspection;

namespace MLBuild.Engine.Tests.Inspecting;

/// <summary>An answer as a build writes it: redirected, and on terminals of 80 and of 120 columns.</summary>
internal static class TerminalPages
{
    public static void AssertShown(
        Func<Page, IEnumerable<string>> answer, string redirected, string at80, string at120)
    {
        Assert.Equal(redirected.ReplaceLineEndings("\n"), Shown(answer, null));
        Assert.Equal(at80.ReplaceLineEndings("\n"), Shown(answer, 80));
        Assert.Equal(at120.ReplaceLineEndings("\n"), Shown(answer, 120));
    }

    private static string Shown(Func<Page, IEnumerable<string>> answer, int? columns)
    {
        using var written = new StringWriter();
        var page = new Page(columns, HasColours: false);
        using TextWriter console = columns is null ? written : new PageWriter(written, () => page);
        console.NewLine = "\n";
        foreach (var line in answer(page))
            console.WriteLine(line);
        return written.ToString().TrimEnd('\n');
    }
}
