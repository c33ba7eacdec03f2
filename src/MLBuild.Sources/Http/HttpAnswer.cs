using MLBuild.Engine.Stages;

namespace MLBuild.Sources.Http;

/// <summary>What is taken from a server's answers.</summary>
public abstract record HttpAnswer
{
    private HttpAnswer()
    {
    }

    /// <summary>One file, its bytes as they are. Streamed; a broken connection is resumed where it broke. The secret is
    /// looked for in them; a file that is itself compressed is not opened for that.</summary>
    /// <param name="Name">Of the output, whose ending says the format: <c>trips.csv</c>, <c>trips.parquet</c>.</param>
    public sealed record File(string Name) : HttpAnswer;

    /// <summary>Rows of JSON, each kept as one line: its own text without the white space between values. At most one
    /// page is in memory.</summary>
    public sealed record Rows : HttpAnswer
    {
        /// <summary>Default Array.</summary>
        public RowFormat Format { get; init; } = RowFormat.Array;

        /// <summary>Where the array of rows is in the answer: a JSON pointer (RFC 6901) such as <c>/data/items</c>.
        /// Default "": the answer is the array. Lines does not use it.</summary>
        public string At { get; init; } = "";

        /// <summary>Default: all rows are in one answer.</summary>
        public HttpPaging Paging { get; init; } = new HttpPaging.None();

        /// <summary>Where the id of a row is in it: a JSON pointer such as <c>/id</c>. Default null: rows are not
        /// compared. With it, about 80 bytes a row are held in memory.</summary>
        public string? Id { get; init; }

        /// <summary>What it means that an id comes twice. Default LaterWins. Used with <see cref="Id"/>
        /// only.</summary>
        public RepeatedIds Repeated { get; init; } = RepeatedIds.LaterWins;

        /// <summary>Most bytes of one page. 1 to 1,000,000,000, default 64,000,000. About three times as many are in
        /// memory.</summary>
        [NotAnInput]
        public int MaxPageBytes { get; init; } = 64_000_000;
    }
}

/// <summary>How rows stand in an answer.</summary>
public enum RowFormat
{
    /// <summary>In a JSON array.</summary>
    Array,

    /// <summary>One JSON value a line.</summary>
    Lines,
}

/// <summary>What it means that an id comes twice in one fetch. Rows that arrive while pages are read shift those behind
/// them to the next page.</summary>
public enum RepeatedIds
{
    /// <summary>An equal row is left out; a different one takes the place of the former. Both are counted.</summary>
    LaterWins,

    /// <summary>An equal row is left out and counted; a different one is an error.</summary>
    DropEqual,

    /// <summary>Any is an error.</summary>
    Refuse,
}
