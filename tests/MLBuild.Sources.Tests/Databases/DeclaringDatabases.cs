using MLBuild.Engine.Code;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Sources.Databases;

namespace MLBuild.Sources.Tests.Databases;

/// <summary>What options say, and what they may not.</summary>
public sealed class DeclaringDatabases
{
    private static readonly DatabaseOptions Shop = new()
    {
        Place = new DatabasePlace.PostgreSql("db", "shop", "reader"),
        Content = new DatabaseContent.Table("trips"),
        Key = ["id"],
    };

    [Fact]
    public void AllBadMembersAreNamedAtOnce() => Assert.Equal(
        "DatabaseOptions: Host is empty; User has a NUL character, which no database takes; Port is 0, "
            + "expected 1 to 65535; PasswordSecret is empty, expected the name of a secret, or null for no "
            + "password; Table.Schema is empty, expected a name, or null for the default; Table.Columns names "
            + "'fare' 2 times; Key is empty, expected the columns that name a row: without them rows have no "
            + "order; HighWater names 'at', which is not among Table.Columns; Slices.Width is 0, expected 1 or "
            + "more.",
        Assert.Throws<ArgumentException>(() => new DatabaseOptions
        {
            Place = new DatabasePlace.PostgreSql("", "shop", "re\0ader") { Port = 0, PasswordSecret = "" },
            Content = new DatabaseContent.Table("trips") { Columns = ["fare", "fare"], Schema = "" },
            Key = [],
            HighWater = "at",
            Slices = new SliceWidth.Numbers(0),
        }.Validate()).Message);

    [Fact]
    public void SlicesNeedAMark() => Assert.Equal(
        "DatabaseOptions: Path is empty; Query.Text is empty; Slices is set and HighWater is not, along which "
        + "slices are "
        + "cut.",
        Assert.Throws<ArgumentException>(() => new DatabaseOptions
        {
            Place = new DatabasePlace.Sqlite(" "),
            Content = new DatabaseContent.Query(""),
            Key = ["id"],
            Slices = new SliceWidth.Calendar(CalendarUnit.Day),
        }.Validate()).Message);

    [Fact]
    public void EachMemberIsInTheRecipe()
    {
        var place = (DatabasePlace.PostgreSql)Shop.Place;
        DatabaseFetchOptions[] all =
        [
            new(Shop),
            new(Shop with { Place = place with { Host = "db2" } }),
            new(Shop with { Place = place with { Database = "shop2" } }),
            new(Shop with { Place = place with { User = "reader2" } }),
            new(Shop with { Place = place with { Port = 5433 } }),
            new(Shop with { Place = new DatabasePlace.Sqlite("a.db") }),
            new(Shop with { Place = new DatabasePlace.Sqlite("b.db") }),
            new(Shop with { Content = new DatabaseContent.Table("trips2") }),
            new(Shop with { Content = new DatabaseContent.Table("trips") { Schema = "s" } }),
            new(Shop with { Content = new DatabaseContent.Table("trips") { Columns = ["id"] } }),
            new(Shop with { Content = new DatabaseContent.Query("select 1") }),
            new(Shop with { Key = ["id", "at"] }),
            new(Shop with { HighWater = "at" }),
            new(Shop with { Slices = new SliceWidth.Calendar(CalendarUnit.Day) }),
            new(Shop with { Slices = new SliceWidth.Calendar(CalendarUnit.Year) }),
            new(Shop with { Slices = new SliceWidth.Numbers(7) }),
            new(Shop with { FinerTimes = FinerTimes.Truncate }),
            new(Shop with { RepeatedKeys = RepeatedKeys.Keep }),
            new(Shop, new("2019", "a", 1, "m", ["id"])),
            new(Shop, new("2019", "b", 1, "m", ["id"])),
            new(Shop, new("2019", "a", 2, "m", ["id"])),
            new(Shop, new("2019", "a", 1, "n", ["id"])),
            new(Shop, new("2019", "a", 1, "m", ["id bigint"])),
        ];

        var recipes = all.Select(Recipe).ToList();

        Assert.Equal(recipes.Count, recipes.Distinct().Count());
    }

    [Fact]
    public void HowAServerIsReachedIsNot()
    {
        var place = (DatabasePlace.PostgreSql)Shop.Place;

        Assert.Equal(Recipe(new(Shop)), Recipe(new(Shop with
        {
            Place = place with { PasswordSecret = "p", Encryption = DatabaseEncryption.VerifyFull },
        })));
    }

    [Fact]
    public async Task AReportThatIsNotDeclaredIsMissedBeforeAnythingIsRead()
    {
        using var space = new FetchSpace();
        var options = Shop with { Place = new DatabasePlace.Sqlite(space["missing.db"]) };
        var stage = new StageBuilder(new("Fetch")).Observes(DatabaseFetchStage.Observation, () => "")
            .Writes(DatabaseFetchStage.Rows).Runs<DatabaseFetchOptions>(DatabaseFetchStage.Run, () => new(options));

        Assert.StartsWith("Stage 'Fetch' does not write 'fetch.json'. It writes: rows.parquet. Declare it with Writes.",
            (await space.Failure(stage.Build())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStageThatFetchesHasNothingUndeclared() => Assert.Empty(
        ReachabilityFingerprint.OfThisProgram().Of(FetchSpace.Whole(Shop)).Findings
            .Select(finding => finding.ToString()));

    [Fact]
    public void AStageOfAPipelineThatFetchesHasNothingUndeclared()
    {
        var stage = new StageBuilder(new("Trips")).Writes(DatabaseFetchStage.Outputs)
            .Runs<DatabaseFetchOptions>(Trips, () => new(Shop)).Build();

        Assert.Empty(ReachabilityFingerprint.OfThisProgram().Of(stage).Findings.Select(finding => finding.ToString()));
    }

    private static string Recipe(DatabaseFetchOptions options) => string.Join('\n', ParameterEntries.Of(options));

    private static void Trips(StageRun run, DatabaseFetchOptions options) => DatabaseFetchStage.Run(run, options);
}
