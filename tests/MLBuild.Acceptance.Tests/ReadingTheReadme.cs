using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace MLBuild.Acceptance.Tests;

/// <summary>What the README shows works as it stands there.</summary>
public sealed partial class ReadingTheReadme
{
    [Fact]
    public void TheSmallBuildCompilesRunsAndThenHasNothingToDo()
    {
        using var build = new SmallBuild(CSharp().Match(Readme).Groups[1].Value);
        Assert.Equal(["Nothing is cached yet. ./build.sh Count makes the first artifacts."],
            build.Run("Artifacts").Succeeded().OutputOf("Artifacts"));
        build.Write("texts/a.txt", "to be or not to be that is");
        build.Write("texts/b.txt", "the question whether nobler");
        var first = build.Run().Succeeded().Text;
        Assert.Equal("4\n", build.Read("artifacts/Count/count.txt"));
        var second = build.Run().Text;
        Assert.Contains("nothing to do: 2 stages up to date", second);
        var third = build.Run("--min-length", "5").Text;
        Assert.Contains("rebuilding because parameter 'MinLength' changed: 4 -> 5", third);

        string[] shown = Console().Match(Readme).Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var typed = shown.Where(line => line.StartsWith('$')).ToArray();
        Assert.Equal(["$ ./build.sh", "$ ./build.sh", "$ ./build.sh --min-length 5", "$ ./build.sh"], typed);
        var printed = OfAnyRun($"{first}\n{second}\n{third}\n{build.Run().Text}");
        Assert.All(shown.Except(typed), line => Assert.Contains(OfAnyRun(line), printed));
    }

    [Fact]
    public void TheSweepCompilesRunsAndIsLimitedToPartitions()
    {
        using var build = new SmallBuild(CSharp().Matches(Readme)[1].Groups[1].Value);
        build.Write("rows.csv", "a\nb\nc\nd\n");
        build.Write("score.sh", "cat \"$1\" > \"$2\"\n");
        Assert.Contains("Ran: 2 of 6 partitions, 4 left out", build.Run("Score", "--only", "Fold=1*").Succeeded().Text);
        Assert.Contains("Ran: 4 of 6 partitions", build.Run().Succeeded().Text);
        Assert.Equal("Fold=1,Depth=4", build.Read("artifacts/Best/best.txt"));
        Assert.Contains("nothing to do: 3 stages up to date", build.Run().Text);
        build.Write("score.sh", "cat \"$1\" > \"$2\" # again\n");
        Assert.Contains("rebuilding because file score.sh changed", build.Run().Text);
    }

    [Fact]
    public void TheShopFetchesSlicesThatChanged()
    {
        // What a stage's code is made of is read from projects.
        using var build = SmallBuild.OfProjects(CSharp().Matches(Readme)[2].Groups[1].Value,
            "MLBuild.Nuke", "MLBuild.Stages", "MLBuild.Sources");
        using var shop = new SqliteConnection($"Data Source={build.Root}/shop.db;Pooling=False");
        shop.Open();
        Execute("create table orders(id integer not null, total decimal(10,2) not null, " +
            "changed_at timestamp not null)");
        Execute("insert into orders values (1, 10.5, '2019-01-05 10:00:00'), (2, 20, '2019-02-09 10:00:00')");
        Assert.Equal(["Fetch 2 of 2 partitions", "Ingest 2 of 2 partitions"], build.Run().Succeeded().Ran);
        Assert.Contains("nothing to do: 2 stages up to date", build.Run().Text);
        Execute("insert into orders values (3, 30, '2019-02-10 10:00:00')");
        Assert.Equal(["Fetch 1 of 2 partitions", "Ingest 1 of 2 partitions"], build.Run().Succeeded().Ran);

        void Execute(string sql)
        {
            using var command = shop.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }

    [Fact]
    public void EveryTargetAndSwitchItNamesIsInTheHelp()
    {
        var help = BuildProgram
            .Run(new("dotnet", [BuildProgram.Dll, "--help", "--root", BuildProgram.Repository])).Output;
        var named = Command().Matches(Readme).Select(match => match.Value.Trim()).ToArray();
        Assert.Contains(named, command => command.StartsWith("./build.sh Register", StringComparison.Ordinal));
        Assert.All(named.SelectMany(command => command.Split(' ').Where((word, i) => i == 1 || word.StartsWith("--"))),
            word => Assert.Matches($@"(?m)^  {Regex.Escape(word)}\s", help));
    }

    private static string Readme => File.ReadAllText(Path.Combine(BuildProgram.Repository, "README.md"));

    /// <summary>Without what differs from run to run: times, durations, hashes, and how wide columns are.</summary>
    private static string OfAnyRun(string text) => Blank().Replace(Measured().Replace(text, ""), " ");

    [GeneratedRegex(@"\d\d:\d\d:\d\d |< 1sec|\d+:\d\d|\d+(\.\d+)? s\b|\b[0-9a-f]{8}\b")]
    private static partial Regex Measured();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();

    [GeneratedRegex("```console\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Console();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharp();

    [GeneratedRegex(@"\./build\.sh [A-Z][^`#\n]*")]
    private static partial Regex Command();
}
