using MLBuild.Engine.Recipes;
using MLBuild.Sources.Http;

namespace MLBuild.Sources.Tests.Http;

/// <summary>Options of a fetch: all that is wrong is named at once, and all that counts is in the recipe.</summary>
public sealed class CheckingOptions
{
    private static readonly HttpOptions Good = new()
    {
        Url = "https://api.example/rows?key=region",
        Answer = new HttpAnswer.Rows(),
    };

    [Fact]
    public void DefaultsAreGood() => Good.Validate();

    [Fact]
    public void EveryBadMemberIsNamed()
    {
        var options = new HttpOptions
        {
            Url = "api.example",
            Answer = new HttpAnswer.Rows
            {
                Format = RowFormat.Lines,
                At = "data",
                Id = "id",
                MaxPageBytes = 0,
                Paging = new HttpPaging.Cursor("", "next") { MaxPages = 0 },
            },
            Authentication = new HttpAuthentication.Basic("a:b", ""),
            Headers =
            [
                new("authorization", "Bearer 1"), new("Range", "bytes=0-"), new("X Y", "1"), new("X-Note", "a\nb"),
            ],
            Identity = new HttpIdentity.Body("ftp://api.example", "count"),
            MaxAttempts = 0,
            FirstDelay = TimeSpan.FromSeconds(-1),
            MaxDelay = TimeSpan.FromDays(2),
            Timeout = TimeSpan.Zero,
            RequestsPerSecond = 0,
            MaxBytes = 0,
            TrustedCertificates = "missing.pem",
        };
        Assert.Equal(
            """
            Fetching cannot start: Url is no absolute http or https URL, expected one such as https://example.org/trips
            Answer.MaxPageBytes is 0, expected 1 to 1000000000
            Answer.At is 'data', expected a JSON pointer such as /data/items, or '' for all
            Answer.At is 'data', expected nothing where Format is Lines
            Answer.Id is 'id', expected a JSON pointer such as /data/items, or '' for all
            Answer.Paging.MaxPages is 0, expected 1 to 10000000
            Answer.Paging.Parameter is empty, expected the name of a parameter of the URL
            Answer.Paging.At is 'next', expected a JSON pointer such as /data/items, or '' for all
            Answer.Paging looks into the answer, which Format Lines has no place for
            use LinkHeader, PageNumber or Offset
            Authentication.SecretName is empty, expected the name given to WithSecret
            Authentication.User is 'a:b', expected a name without a colon
            Headers holds 'authorization', whose value would be in the recipe
            use Authentication
            Headers holds 'Range', which the fetch sets itself
            leave it out
            Headers holds 'X Y', which is no name of a header
            Headers holds 'X-Note' with a value that is not printable ASCII
            Identity.Url is no absolute http or https URL, expected one such as https://example.org/trips
            Identity.At is 'count', expected a JSON pointer such as /data/items, or '' for all
            MaxAttempts is 0, expected 1 to 20
            FirstDelay is -00:00:01, expected 0 to 01:00:00
            MaxDelay is 2.00:00:00, expected FirstDelay to 1.00:00:00
            Timeout is 00:00:00, expected 00:00:00.0010000 to 01:00:00
            RequestsPerSecond is 0, expected 0.001 to 10000, or null
            MaxBytes is 0, expected 1 to 1000000000000000
            TrustedCertificates is 'missing.pem', expected a PEM file that exists, or null.
            """.Replace("\n", "; ", StringComparison.Ordinal),
            Assert.Throws<ArgumentException>(options.Validate).Message);
    }

    [Fact]
    public void HeadersThatCannotBeSentAreNamed() => Assert.Equal(
        "Fetching cannot start: Authentication.Header is 'Range', expected one that the fetch does not set itself " +
        "and that no body has, such as X-Api-Key; Headers holds 'Content-Type', which describes a body, and " +
        "a fetch sends none; leave it out; Headers holds 'expires', which describes a body, and a fetch sends none; " +
        "leave it out; Accept is not printable ASCII, expected media types such as application/json.",
        Assert.Throws<ArgumentException>((Good with
        {
            Authentication = new HttpAuthentication.KeyInHeader("Range", "KEY"),
            Headers = [new("Content-Type", "application/json"), new("expires", "0"), new("If-None-Match", "x")],
            Accept = "application/jsön",
        }).Validate).Message);

    [Theory]
    [InlineData("https://ann:hunter2@api.example/rows", "a user or password")]
    [InlineData("https://api.example/rows?api_key=0123456789", "'api_key'")]
    [InlineData("https://api.example/rows?x=1&Token=0123456789", "'Token'")]
    [InlineData("https://api.example/rows?X-Amz-Signature=0123456789", "'X-Amz-Signature'")]
    public void SecretInTheUrlIsRefusedAndNotRepeated(string url, string named)
    {
        var message = Assert.Throws<ArgumentException>((Good with { Url = url }).Validate).Message;
        Assert.StartsWith($"Fetching cannot start: Url holds {named}, which ", message, StringComparison.Ordinal);
        Assert.EndsWith("would be in the recipe; use Authentication.", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b.csv")]
    [InlineData("..")]
    [InlineData("fetch.json")]
    public void FileNeedsAName(string name) => Assert.Equal(
        $"Fetching cannot start: Answer.Name is '{name}', expected a file's name other than fetch.json, such as " +
        "trips.csv.",
        Assert.Throws<ArgumentException>((Good with { Answer = new HttpAnswer.File(name) }).Validate).Message);

    public static TheoryData<string, HttpOptions> Changes => new()
    {
        { "Url", Good with { Url = "https://api.example/other" } },
        { "Answer", Good with { Answer = new HttpAnswer.File("rows.csv") } },
        { "Answer.Format", Good with { Answer = new HttpAnswer.Rows { Format = RowFormat.Lines } } },
        { "Answer.At", Good with { Answer = new HttpAnswer.Rows { At = "/x" } } },
        { "Answer.Id", Good with { Answer = new HttpAnswer.Rows { Id = "/x" } } },
        { "Answer.Repeated", Good with { Answer = new HttpAnswer.Rows { Repeated = RepeatedIds.Refuse } } },
        { "Paging", Good with { Answer = new HttpAnswer.Rows { Paging = new HttpPaging.LinkHeader() } } },
        { "Authentication", Good with { Authentication = new HttpAuthentication.Bearer("A") } },
        { "SecretName", Good with { Authentication = new HttpAuthentication.Bearer("B") } },
        { "Headers", Good with { Headers = [new("X", "1")] } },
        { "Accept", Good with { Accept = "text/csv" } },
        { "Identity", Good with { Identity = new HttpIdentity.Unknown() } },
        { "Identity.Url", Good with { Identity = new HttpIdentity.Body("https://api.example") } },
    };

    public static TheoryData<string, HttpOptions> Patience => new()
    {
        { "MaxAttempts", Good with { MaxAttempts = 1 } },
        { "FirstDelay", Good with { FirstDelay = TimeSpan.Zero } },
        { "MaxDelay", Good with { MaxDelay = TimeSpan.FromHours(1) } },
        { "Timeout", Good with { Timeout = TimeSpan.FromHours(1) } },
        { "RequestsPerSecond", Good with { RequestsPerSecond = 1 } },
        { "MaxBytes", Good with { MaxBytes = 1 } },
        { "TrustedCertificates", Good with { TrustedCertificates = "a.pem" } },
        { "Answer.MaxPageBytes", Good with { Answer = new HttpAnswer.Rows { MaxPageBytes = 1 } } },
        { "MaxPages", Good with { Answer = new HttpAnswer.Rows { Paging = new HttpPaging.None { MaxPages = 1 } } } },
    };

    [Theory]
    [MemberData(nameof(Patience))]
    public void PatienceAndLimitsAreNotInTheRecipe(string member, HttpOptions options) =>
        Assert.Equal((member, Recipe(Good)), (member, Recipe(options)));

    [Fact]
    public void EveryOtherMemberIsInTheRecipe()
    {
        var recipes = Changes.Select(change => Recipe((HttpOptions)change[1])).Append(Recipe(Good)).ToArray();
        Assert.Equal(recipes.Length, recipes.Distinct().Count());
        Assert.All(typeof(HttpOptions).GetProperties().Where(property => property.Name != "EqualityContract"),
            property => Assert.Contains(
                Changes.Concat(Patience), change => ((string)change[0]).StartsWith(property.Name)));
    }

    private static string Recipe(HttpOptions options) => string.Join('\n', ParameterEntries.Of(options));
}
