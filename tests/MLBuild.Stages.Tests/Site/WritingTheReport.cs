using System.Net;
using System.Text.RegularExpressions;
using MLBuild.Engine;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Monitoring;
using MLBuild.Stages.Site;

namespace MLBuild.Stages.Tests.Site;

/// <summary>The files of the report, read as text.</summary>
public sealed class WritingTheReport(SiteSpace space) : IClassFixture<SiteSpace>
{
    [Fact]
    public void EachStageVersionAndEnvironmentHasAPage()
    {
        string[] pages = [.. space.Pages.Select(page => Path.GetRelativePath(space.Folder, page).Replace('\\', '/'))];
        Assert.Superset(
            new HashSet<string>
            {
                "index.html", "runs.html", "stages/Train.html", "stages/Monitor.html", "versions/1.html",
                "versions/2.html", "environments/production.html",
            },
            pages.ToHashSet());
        // Of both versions, of Validate and of Monitor.
        Assert.Equal(4, pages.Count(page => page.StartsWith("pages/", StringComparison.Ordinal)));
    }

    [Fact]
    public void EveryLinkLeadsSomewhere()
    {
        var count = 0;
        foreach (var page in space.Pages)
        {
            foreach (Match link in Regex.Matches(File.ReadAllText(page), "(?:href|src)=\"([^\"]*)\""))
            {
                var target = WebUtility.HtmlDecode(link.Groups[1].Value);
                if (target.StartsWith("data:", StringComparison.Ordinal))
                    continue;
                count++;
                var (path, part) = target.Split('#', 2) is [var before, var after] ? (before, after) : (target, "");
                var file = path.Length == 0 ? page : Path.GetFullPath(path, Path.GetDirectoryName(page)!);
                Assert.StartsWith(space.Folder, file);
                Assert.True(File.Exists(file), $"{page} leads to '{target}', which is not there.");
                if (part.Length > 0)
                    Assert.Contains($"id=\"{part}\"", File.ReadAllText(file));
            }
        }
        Assert.True(count > 100);
    }

    [Fact]
    public void TheFirstPageSaysWhatServesHowGoodItIsWhatIsFreshAndWhatHappenedLast()
    {
        var tiles = Regex.Matches(Page("index.html"), "<section class=\"tile (.*?)\">(.*?)</section>",
            RegexOptions.Singleline).ToDictionary(
                tile => Plain(Regex.Match(tile.Value, "<h2>(.*?)</h2>").Value),
                tile => $"{tile.Groups[1].Value}: {Plain(tile.Groups[2].Value)}");
        Assert.Equal(
            ["Serves in production", "Newest version", "Stages", "Data", "Last run"], tiles.Keys);
        Assert.StartsWith("bad: Serves in production ● version 1 since 2019-04-01 12:00Z rmse ",
            tiles["Serves in production"]);
        Assert.Contains("version 2 is rolled out: 5 % in 2019-04: ✗ degraded", tiles["Serves in production"]);
        Assert.StartsWith("good: Newest version ✓ gate passed version 2, 2019-04-01 12:00Z rmse ",
            tiles["Newest version"]);
        // The options of Train have changed since.
        Assert.Matches(@"^warn: Stages ↻ \d of \d+ fresh stale: Train undecided: Evaluate, ", tiles["Stages"]);
        Assert.StartsWith("good: Data ✓ keeps its contract ", tiles["Data"]);
        Assert.StartsWith("good: Last run ✓ succeeded 2019-04-01 14:00Z Register --data ", tiles["Last run"]);
    }

    [Fact]
    public void RunsWithNothingToDoAreInTheListOfRunsOnly()
    {
        string[] whats = [.. Regex.Matches(Section(Page("index.html"), "What happened last"), "<td><a.*?</td>")
            .Select(what => Plain(what.Value))];
        Assert.Single(whats, "run failed");
        Assert.DoesNotContain("run succeeded", whats);
        Assert.Contains("version 2", whats);
        Assert.Contains("rollout of version 2", whats);
        Assert.Equal(3, Regex.Matches(Section(Page("runs.html"), "All that are kept"), "<tr><th scope=\"row\"").Count);
    }

    [Fact]
    public void HeadingsAreInOrderTablesAreNamedAndPicturesAreSaid()
    {
        foreach (var page in space.Pages.Where(page => !page.Contains("pages" + Path.DirectorySeparatorChar)))
        {
            var html = File.ReadAllText(page);
            int[] levels = [.. Regex.Matches(html, "<h([1-6])").Select(heading => heading.Groups[1].Value[0] - '0')];
            Assert.Equal(1, levels[0]);
            Assert.Single(levels, 1);
            Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1, page));
            Assert.Equal(Count("<table class=\"sortable\""), Count("<caption>"));
            Assert.DoesNotMatch("<th(?![^>]*scope=)[^e]", Sortable(html));
            Assert.DoesNotMatch("<img(?![^>]*alt=\"[^\"])", html);
            Assert.DoesNotMatch("<svg(?![^>]*(aria-label=\"[^\"]|aria-hidden))", html);
            Assert.Contains("<html lang=\"en\">", html);
            Assert.Single(Regex.Matches(html, "<main "));
            Assert.Equal(Count(" id=\""), Regex.Matches(html, " id=\"([^\"]+)\"").Select(id => id.Value).Distinct()
                .Count());

            int Count(string text) => Regex.Matches(html, text).Count;
        }
    }

    [Fact]
    public void WhatPeopleWroteIsText()
    {
        var evil = Evil(space.State);
        foreach (var page in SitePages.Of(evil).Where(page => page.Path.EndsWith(".html", StringComparison.Ordinal)
            && !page.Path.StartsWith("pages/", StringComparison.Ordinal)))
        {
            var html = System.Text.Encoding.UTF8.GetString(page.Bytes());
            Assert.DoesNotContain("<script>", html);
            Assert.DoesNotContain("<img src=x", html);
        }
        var all = string.Concat(SitePages.Of(evil).Select(page => System.Text.Encoding.UTF8.GetString(page.Bytes())));
        // In the note, the rollout, a run, a column, a parameter, a reason, the card.
        Assert.True(Regex.Matches(all, Regex.Escape(WebUtility.HtmlEncode("<script>"))).Count > 10);
    }

    [Fact]
    public void EqualStatesAreEqualBytesAndFilesThatAreThereStayAsTheyAre()
    {
        var file = Path.Combine(space.Folder, "index.html");
        var (bytes, touched) = (File.ReadAllBytes(file), File.GetLastWriteTimeUtc(file));
        SiteCommand.Write(space.State, space.Folder);
        Assert.Equal(bytes, File.ReadAllBytes(file));
        Assert.Equal(touched, File.GetLastWriteTimeUtc(file));
    }

    [Fact]
    public void NothingSaysWhereItWasWritten()
    {
        var root = space.Space.Workspace.RootFolder;
        foreach (var file in Directory.GetFiles(space.Folder, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(Path.GetFileName(root), File.ReadAllText(file));
        Assert.Contains("Register --data data/past --who", Page("runs.html"));
        Assert.Contains("file 2018-12.json&#39; is not a WindowReport", Page("environments/production.html"));
    }

    [Fact]
    public void ATileSaysTheNewestWindowOfTheVersionThatServes()
    {
        var environment = space.State.Environments.Single();
        var newest = environment.LastWindow!;
        Assert.Equal(("2019-04", 1), (newest.Window.Name, newest.Version));
        var earlier = newest with { Window = new WindowRule(WindowKind.Week, 0).At(new DateTime(2019, 1, 7)) };
        var later = newest with { Window = new WindowRule(WindowKind.Month, 0).At(new DateTime(2019, 5, 1)) };
        // Kinds come by their names, and a week of January is older than the month of May.
        Assert.Equal("2019-05", Of([later], [earlier]).LastWindow!.Window.Name);
        // What was said of a version that was replaced says nothing of the one that serves.
        Assert.Equal("2019-01-07", Of([later with { Version = 2 }], [earlier]).LastWindow!.Window.Name);
        Assert.Null(Of([later with { Version = 2 }], []).LastWindow);

        SiteEnvironment Of(params WindowReport[][] kinds) => environment with
        {
            Windows = [.. kinds.Select(reports => new SiteWindows(new(WindowKind.Month, 0), reports, []))],
        };
    }

    [Fact]
    public void WhatTheReportNoLongerHasGoes()
    {
        using var folder = new Folder();
        SiteCommand.Write(space.State, folder.Path);
        SiteCommand.Write(space.State with { Versions = [], Environments = [] }, folder.Path);
        Assert.False(File.Exists(Path.Combine(folder.Path, "versions", "1.html")));
        Assert.True(File.Exists(Path.Combine(folder.Path, "stages", "Train.html")));
    }

    [Fact]
    public void AReportWhoseWriterWasKilledIsWrittenAnew()
    {
        var first = SitePages.Of(space.State)[0];
        using var folder = new Folder();
        File.WriteAllText(Path.Combine(folder.Path, first.Path + $".tmp-12-{Guid.Empty:N}"), "half of");
        SiteCommand.Write(space.State, folder.Path);
        foreach (var file in Directory.GetFiles(folder.Path).Where(path => Path.GetFileName(path) != first.Path))
            File.Delete(file);
        SiteCommand.Write(space.State, folder.Path);
        Assert.Equal(
            SitePages.Of(space.State).Select(page => page.Path).Order(StringComparer.Ordinal),
            Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(folder.Path, path).Replace('\\', '/'))
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AFolderOfSomethingElseIsLeftAlone()
    {
        using var folder = new Folder();
        var mine = Path.Combine(folder.Path, "thesis.txt");
        File.WriteAllText(mine, "years of work");
        var failure = Assert.Throws<PipelineException>(() => SiteCommand.Write(space.State, folder.Path));
        Assert.Equal(
            $"'{folder.Path}' holds files and no report, so none is written there. Move them away, and run the same " +
            "command again.", failure.Message);
        Assert.Equal([mine], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void WhereNothingHasHappenedThePageSaysWhatToDo()
    {
        var pages = SitePages.Of(new("sales", [], ["Train"], [], [], []));
        var html = System.Text.Encoding.UTF8.GetString(
            pages.Single(page => page.Path == SitePages.Index).Bytes());
        Assert.Contains("None yet: ./build.sh Register makes the first.", html);
        Assert.Contains("Nothing was ever deployed: ./build.sh Deploy --model-version N does it.", html);
        Assert.Contains("No stage has run yet.", html);
        Assert.Contains("Nothing has happened yet.", html);
    }

    private static SiteState Evil(SiteState state) => state with
    {
        NotAskedFor = [SiteSpace.Evil],
        Stages =
        [
            .. state.Stages.Select(stage => stage with
            {
                Because = SiteSpace.Evil,
                Parameters = [new(SiteSpace.Evil, SiteSpace.Evil)],
                Findings =
                [
                    .. stage.Findings.Select(finding => finding is SiteFinding.Data data
                        ? new SiteFinding.Data(Evil(data.Report)) : finding),
                    new SiteFinding.Lost(SiteSpace.Evil, SiteSpace.Evil),
                ],
            }),
        ],
        Versions =
        [
            .. state.Versions.Select(version => version with
            {
                Card = $"# {SiteSpace.Evil}\n\n- {SiteSpace.Evil}\n\n| `{SiteSpace.Evil}` |\n| --- |\n"
                    + $"| **{SiteSpace.Evil}** |\n\n{SiteSpace.Evil}\n",
                LineageLines = [SiteSpace.Evil],
            }),
        ],
    };

    private static ContractReport Evil(ContractReport report) => report with
    {
        RowType = SiteSpace.Evil,
        Files =
        [
            .. report.Files.Select(file => file with
            {
                File = SiteSpace.Evil,
                Columns = [.. file.Columns.Select(column => column with { Column = SiteSpace.Evil })],
            }),
        ],
    };

    // The tables that this report draws itself.
    private static string Sortable(string html) => string.Concat(
        Regex.Matches(html, "<table class=\"sortable\">.*?</table>", RegexOptions.Singleline)
            .Select(table => table.Value));

    private static string Section(string html, string heading) =>
        Regex.Match(html, $"<h2>{heading}</h2>.*?</section>", RegexOptions.Singleline).Value;

    private static string Plain(string html) => WebUtility.HtmlDecode(
        Regex.Replace(Regex.Replace(html, "<[^>]*>", " "), @"\s+", " ")).Trim();

    private string Page(string path) => File.ReadAllText(Path.Combine(space.Folder, path));

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("mlbuild-report-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
