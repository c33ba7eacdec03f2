using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MLBuild.Engine.Graphs;
using MLBuild.Registry;
using MLBuild.Stages.Register;
using MLBuild.Stages.Site;

namespace MLBuild.Stages.Tests.Site;

/// <summary>Pictures and cards of states that are made up.</summary>
public sealed class DrawingPages
{
    [Fact]
    public void AnArrowThatOthersImplyIsNotDrawn()
    {
        var html = Index(Stage("A"), Stage("B", "A"), Stage("C", "A", "B"), Stage("D", "C", "A", "Elsewhere"));
        Assert.Equal(3, Regex.Matches(html, "class=\"edge\"").Count);
    }

    [Fact]
    public void NoBoxStandsOnAnotherNorInTheWayOfAnArrow()
    {
        var html = Index(
            Stage("A"), Stage("Other"), Stage("B", "A"), Stage("C", "B"), Stage("Short", "A"),
            Stage("D", "C", "Other", "Short"), Stage("E", "B", "Other"));
        var boxes = Regex.Matches(html, "<rect x=\"(.*?)\" y=\"(.*?)\" width=\"(.*?)\" height=\"(.*?)\"")
            .Select(box => (X: At(box, 1), Y: At(box, 2), Width: At(box, 3), Height: At(box, 4))).ToArray();
        Assert.Equal(7, boxes.Length);
        Assert.All(boxes, box => Assert.Single(boxes, other =>
            other.X < box.X + box.Width && box.X < other.X + other.Width
            && other.Y < box.Y + box.Height && box.Y < other.Y + other.Height));

        // Straight pieces lead through columns: none at the height of a box that is there.
        var straight = Regex.Matches(html, @"([\d.]+) ([\d.]+)H([\d.]+)")
            .Select(piece => (From: At(piece, 1), Y: At(piece, 2), To: At(piece, 3))).ToArray();
        Assert.NotEmpty(straight);
        Assert.All(straight, piece => Assert.DoesNotContain(boxes, box =>
            box.X < piece.To && piece.From < box.X + box.Width && box.Y < piece.Y && piece.Y < box.Y + box.Height));

        static double At(Match match, int group) =>
            double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void EachStateIsAWordAndASign()
    {
        var html = Index([.. Enum.GetValues<StageState>().Select(state => Stage($"{state}") with { State = state })]);
        foreach (var text in (string[])["✓ fresh", "↻ stale", "? undecided", "✗ failed", "○ never built", "→ effect"])
            Assert.Equal(2, Regex.Matches(html, Regex.Escape(text) + "</(text|b)>").Count);
    }

    [Fact]
    public void ACardKeepsItsFormAndItsTexts()
    {
        var html = Version(
            """
            # flats \<b\>

            Gate: **passed**. See `a|b`.

            ## Limits

            - one \* two
            - three

            | file | SHA |
            | --- | --- |
            | `a\|b.csv` | x \| y |
            """);
        Assert.Contains("<h3>flats &lt;b&gt;</h3>", html);
        Assert.Contains("<p>Gate: <b>passed</b>. See <kbd>a|b</kbd>.</p>", html);
        Assert.Contains("<h4>Limits</h4>\n<ul>\n<li>one * two</li>\n<li>three</li>\n</ul>", html);
        Assert.Contains("<th scope=\"col\">file</th><th scope=\"col\">SHA</th>", html);
        Assert.Contains("<tr><td><kbd>a|b.csv</kbd></td><td>x | y</td></tr>", html);
    }

    private static SiteStage Stage(string name, params string[] reads) =>
        new(name, StageState.Fresh, "", reads, [], [], []);

    private static string Index(params SiteStage[] stages) =>
        Text(new("flats", stages, [], [], [], []), "index.html");

    private static string Version(string card) => Text(
        new("flats", [], [], [],
        [
            new(new VersionStory("flats", 1, new('a', 64), DateTimeOffset.UnixEpoch, GateOutcome.Passed,
                new Dictionary<string, double>(), [], false, [], []), [], null, card, []),
        ], []),
        "versions/1.html");

    private static string Text(SiteState state, string path) =>
        Encoding.UTF8.GetString(SitePages.Of(state).Single(page => page.Path == path).Bytes());
}
