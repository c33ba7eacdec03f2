namespace MLBuild.Stages.Tables;

/// <summary>How the rows of a file are written.</summary>
internal enum RowFormat
{
    /// <summary>Separated by commas, with quotes.</summary>
    Csv,

    /// <summary>Separated by tabs, without quotes or escapes.</summary>
    Tsv,

    /// <summary>One JSON object a line.</summary>
    JsonLines,

    Parquet,
}

/// <summary>What a text file is packed in.</summary>
internal enum Packing
{
    None,
    Gzip,
    Zip,
}

/// <summary>What the name of a file says about its bytes.</summary>
internal readonly record struct FileFormat(RowFormat Rows, Packing Packing)
{
    private static readonly (string Extension, RowFormat Rows)[] Texts =
    [
        (".csv", RowFormat.Csv), (".tsv", RowFormat.Tsv), (".tab", RowFormat.Tsv),
        (".jsonl", RowFormat.JsonLines), (".ndjson", RowFormat.JsonLines),
    ];

    /// <summary>All extensions that say what a file is; of a zip file its member says it.</summary>
    public static IReadOnlyList<string> Extensions { get; } =
        [.. Texts.Select(text => text.Extension), .. Texts.Select(text => $"{text.Extension}.gz"), ".parquet", ".zip"];

    /// <summary>How messages call text of this kind.</summary>
    public static string NameOf(RowFormat rows) => rows switch
    {
        RowFormat.Csv => "CSV",
        RowFormat.Tsv => "tab-separated values",
        RowFormat.JsonLines => "JSON lines",
        RowFormat.Parquet => "Parquet",
        _ => throw new InvalidOperationException($"BUG: unknown format {rows}."),
    };

    /// <summary>The format that the name says, in any case; null where it says none. A zip file's own name leaves its
    /// rows open.</summary>
    public static FileFormat? Of(string name)
    {
        if (TextOf(name) is { } plain)
            return new(plain, Packing.None);
        if (Has(name, ".gz"))
            return TextOf(name[..^3]) is { } packed ? new(packed, Packing.Gzip) : null;
        if (Has(name, ".parquet"))
            return new(RowFormat.Parquet, Packing.None);
        return Has(name, ".zip") ? new(RowFormat.Csv, Packing.Zip) : null;
    }

    /// <summary>The rows of a text file, by its name.</summary>
    public static RowFormat? TextOf(string name) =>
        Texts.Where(text => Has(name, text.Extension)).Select(text => (RowFormat?)text.Rows).FirstOrDefault();

    private static bool Has(string name, string extension) =>
        name.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
