using MLBuild.Sources.Http;

namespace MLBuild.Sources.Tests.Http;

/// <summary>Rows that come twice, because others arrived before them while pages were read.</summary>
public sealed class RepeatingIds : IDisposable
{
    private readonly FetchSpace _space = new();

    [Fact]
    public async Task EqualRowIsLeftOut()
    {
        await using var server = Pages("""[{"id":1},{"id":2}]""", """[{ "id":2 },{"id":3}]""");
        var report = await _space.Fetch(Of(server, RepeatedIds.LaterWins));
        Assert.Equal("{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n", _space.Rows);
        Assert.Equal(new HttpRowsReport(Pages: 3, Kept: 3, Repeated: 1, Superseded: 0), report.Rows);
        Assert.Equal("3 rows in 3 pages, 1 repeated, 42 B, 3 requests", _space.Log[^1]);
    }

    [Fact]
    public async Task LaterRowTakesThePlace()
    {
        await using var server = Pages("""[{"id":1,"v":1},{"id":2,"v":1}]""", """[{"id":1,"v":2},{"id":3,"v":1}]""",
            """[{"id":1,"v":1}]""");
        var report = await _space.Fetch(Of(server, RepeatedIds.LaterWins));
        Assert.Equal("""
            {"id":2,"v":1}
            {"id":3,"v":1}
            {"id":1,"v":1}

            """, _space.Rows);
        Assert.Equal(new HttpRowsReport(Pages: 4, Kept: 3, Repeated: 0, Superseded: 2), report.Rows);
    }

    [Fact]
    public async Task DifferentRowIsAnError()
    {
        await using var server = Pages("""[{"id":"a","v":1}]""", """[{"id":"b"},{"id":"a","v":2}]""");
        Assert.Equal(
            $"Row 2 of page 2 of {server.Url()} has the id \"a\", which row 1 of the fetch has too, with other " +
            "values. If rows may change or shift to the next page while they are read, set Repeated to LaterWins; " +
            "else ask the owner of the API.",
            await _space.Failure<DuplicateRowsException>(Of(server, RepeatedIds.DropEqual)));
    }

    [Fact]
    public async Task EqualRowIsNoErrorWhereOnlyDifferentOnesAre()
    {
        await using var server = Pages("""[{"id":1}]""", """[{"id":1},{"id":2}]""");
        await _space.Fetch(Of(server, RepeatedIds.DropEqual));
        Assert.Equal("{\"id\":1}\n{\"id\":2}\n", _space.Rows);
    }

    [Fact]
    public async Task AnyRepetitionIsAnErrorIfDeclared()
    {
        await using var server = Pages("""[{"id":1}]""", """[{"id":1},{"id":2}]""");
        Assert.Equal(
            $"Row 1 of page 2 of {server.Url()} has the id 1, which row 1 of the fetch has too. If rows may change " +
            "or shift to the next page while they are read, set Repeated to LaterWins; else ask the owner of the API.",
            await _space.Failure<DuplicateRowsException>(Of(server, RepeatedIds.Refuse)));
    }

    [Fact]
    public async Task NumbersAndTextsAreDifferentIds()
    {
        await using var server = Pages("""[{"id":1},{"id":"1"}]""");
        await _space.Fetch(Of(server, RepeatedIds.Refuse));
        Assert.Equal("{\"id\":1}\n{\"id\":\"1\"}\n", _space.Rows);
    }

    [Fact]
    public async Task RowWithoutAnIdIsAnError()
    {
        await using var server = Pages("""[{"id":1},{"key":2,"id":null}]""");
        Assert.Equal(
            $$"""Row 2 of page 1 of {{server.Url()}} has no id at '/id'. It begins: '{"key":2,"id":null}'. Give Id """ +
            "the place of what every row has, or leave it out.",
            await _space.Failure<SourceSchemaException>(Of(server, RepeatedIds.LaterWins)));
    }

    [Fact]
    public async Task WithoutAnIdNothingIsCompared()
    {
        await using var server = ScriptedServer.Of(Answers.Json("[1,1]"));
        await _space.Fetch(new() { Url = server.Url(), Answer = new HttpAnswer.Rows() });
        Assert.Equal("1\n1\n", _space.Rows);
    }

    [Fact]
    public async Task ManyRowsAreLeftOutOfALargeFile()
    {
        const int Rows = 20_000;
        string Page(int version) => $"[{string.Join(',', Enumerable.Range(0, Rows)
            .Where(id => version == 1 || id % 3 == 0).Select(id => $$"""{"id":{{id}},"version":{{version}}}"""))}]";
        await using var server = Pages(Page(1), Page(2));
        var report = await _space.Fetch(Of(server, RepeatedIds.LaterWins));
        Assert.Equal((Rows, 6667), (report.Rows!.Kept, report.Rows.Superseded));
        Assert.Equal(
            Enumerable.Range(0, Rows).Where(id => id % 3 != 0).Select(id => $$"""{"id":{{id}},"version":1}""")
                .Concat(Enumerable.Range(0, Rows).Where(id => id % 3 == 0)
                    .Select(id => $$"""{"id":{{id}},"version":2}""")),
            _space.Rows.TrimEnd('\n').Split('\n'));
    }

    public void Dispose() => _space.Dispose();

    private static ScriptedServer Pages(params string[] pages) =>
        ScriptedServer.InTurn([.. pages.Append("[]").Select(Answers.Json)]);

    private static HttpOptions Of(ScriptedServer server, RepeatedIds repeated) => new()
    {
        Url = server.Url(),
        Answer = new HttpAnswer.Rows { Paging = new HttpPaging.PageNumber("page"), Id = "/id", Repeated = repeated },
    };
}
