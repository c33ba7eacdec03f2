using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>A contract as a text for people and differences: JSON with one line for each entry, in a fixed order. What
/// C# decides is named there, not encoded.</summary>
public sealed record ContractDocument
{
    /// <summary>The version of this format.</summary>
    public const int Format = 1;

    internal static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    [JsonPropertyName("format")]
    public int Version { get; init; } = Format;

    public required string RowType { get; init; }

    /// <summary>What a file with other columns does.</summary>
    public Severity Headers { get; init; } = Severity.Fail;

    /// <summary>When a file differs from those before it.</summary>
    public HistoryOptions History { get; init; } = new();

    public IReadOnlyList<ColumnEntry> Columns { get; init; } = [];

    public IReadOnlyList<RuleEntry> Rules { get; init; } = [];

    public IReadOnlyList<ExpectationEntry> Expectations { get; init; } = [];

    /// <summary>What must stay as it was in accepted files.</summary>
    public IReadOnlyList<SteadyEntry> Steady { get; init; } = [];

    /// <summary>Where history starts anew.</summary>
    public IReadOnlyList<BeginningEntry> Beginnings { get; init; } = [];

    /// <summary>Columns that files may have although the row type has not.</summary>
    public IReadOnlyList<ExtraEntry> Extra { get; init; } = [];

    /// <summary>The JSON, with a line feed at its end.</summary>
    public string ToJson()
    {
        var text = new StringBuilder("{\n");
        text.Append($"  \"format\": {Version},\n  \"rowType\": {Json(RowType)},\n  \"headers\": {Json(Headers)}");
        if (History != new HistoryOptions())
            text.Append($",\n  \"history\": {Json(History)}");
        Section(text, "columns", Columns);
        Section(text, "rules", Rules);
        Section(text, "expectations", Expectations);
        Section(text, "steady", Steady);
        Section(text, "beginnings", Beginnings);
        Section(text, "extra", Extra);
        return text.Append("\n}\n").ToString();
    }

    /// <param name="json">As <see cref="ToJson"/> writes it, in any layout.</param>
    /// <param name="file">What messages call the text.</param>
    /// <exception cref="FormatException">It is not such a document; the message names line and member.</exception>
    public static ContractDocument Parse(string json, string file = "contract.json")
    {
        try
        {
            var document = JsonSerializer.Deserialize<ContractDocument>(json, Options)
                ?? throw new FormatException($"{file} is 'null'; expected a contract.");
            if (document.Version != Format)
                throw new FormatException(
                    $"{file} has format {document.Version}; this version of MLBuild reads {Format}. "
                    + "Write it again with the version that built it.");
            return document.ListsWithNull().FirstOrDefault() is { } list
                ? throw new FormatException($"{file}: an entry of {list} is null. Remove it.")
                : document;
        }
        catch (JsonException fault)
        {
            var line = (fault.LineNumber ?? 0) + 1;
            var member = fault.Path is { Length: > 2 } path ? path[2..] : "the document";
            throw new FormatException(
                FormattableString.Invariant($"{file} line {line}: {member} ") + Reason(fault, member), fault);
        }
    }

    /// <inheritdoc cref="ContractDifference.Lines"/>
    public static IReadOnlyList<string> Difference(ContractDocument was, ContractDocument now) =>
        ContractDifference.Lines(was, now);

    // What a type says of null holds for members, not for what is in a list.
    private IEnumerable<string> ListsWithNull()
    {
        (string Name, IEnumerable<object?> Entries)[] lists =
        [
            ("columns", Columns), ("rules", Rules), ("expectations", Expectations), ("steady", Steady),
            ("beginnings", Beginnings), ("extra", Extra),
            .. Rules.OfType<RuleEntry>().Select(rule => ($"columns of rule '{rule.Rule}'", rule.Columns)),
            .. Expectations.OfType<ExpectationEntry>()
                .Select(entry => ($"allowed of {entry.Column}", entry.Allowed ?? [])),
        ];
        return lists.Where(list => list.Entries.Contains(null)).Select(list => list.Name);
    }

    private static string Reason(JsonException fault, string member) => fault.Message switch
    {
        var text when text.Contains("could not be mapped", StringComparison.Ordinal) =>
            "is no member of a contract. Remove it, or mend its name.",
        var text when text.Contains("missing required", StringComparison.Ordinal) =>
            $"lacks {Members(text)}. Add {(text.Contains(',', StringComparison.Ordinal) ? "them" : "it")}.",
        var text when text.Contains("null", StringComparison.Ordinal) =>
            $"is null. Expected {Expected(member)}.",
        var text when text.Contains("could not be converted", StringComparison.Ordinal) =>
            $"has a value that cannot be. Expected {Expected(member)}.",
        _ => "is where the JSON ends to be JSON. Look for a comma or a bracket too many or too few.",
    };

    // "… was missing required properties including: 'rule', 'kind'."
    private static string Members(string message) =>
        message[(message.IndexOf("including: ", StringComparison.Ordinal) + "including: ".Length)..].TrimEnd('.');

    private static string Expected(string path) => path[(path.LastIndexOf('.') + 1)..] switch
    {
        // Lists of texts are within entries; the entries themselves are not.
        var item when item.EndsWith(']') => path.Contains('.', StringComparison.Ordinal)
            ? "a text"
            : "an entry in braces",
        "history" => "an entry in braces",
        "leastBatches" or "mostBatches" or "format" => "a whole number",
        "falseAlarms" or "leastMove" or "leastRatio" or "leastShare" or "leastRank" => "a number",
        "kind" => Names<RuleKind>(),
        "severity" or "headers" => Names<Severity>(),
        "statistic" => Names<Statistic>(),
        "type" => Names<ColumnType>(),
        "onlyIn" => Names<ContractEnvironment>(),
        "min" or "max" or "share" or "tolerance" => "a number",
        "nullable" or "missing" or "perFile" => "true or nothing",
        "columns" or "rules" or "expectations" or "steady" or "beginnings" or "extra" or "allowed" => "a list",
        _ => "a text",
    };

    private static string Names<TEnum>()
        where TEnum : struct, Enum =>
        $"one of {string.Join(", ", Enum.GetNames<TEnum>().Select(JsonNamingPolicy.CamelCase.ConvertName))}";

    private static void Section<TEntry>(StringBuilder text, string name, IReadOnlyList<TEntry> entries)
    {
        if (entries.Count == 0)
            return;
        text.Append($",\n  \"{name}\": [\n    ");
        text.AppendJoin(",\n    ", entries.Select(Json));
        text.Append("\n  ]");
    }

    private static string Json<TValue>(TValue value) => JsonSerializer.Serialize(value, Options);
}

/// <param name="Nullable">True where rows may have no value.</param>
/// <param name="Missing">True where a file may lack the column.</param>
/// <param name="OnlyIn">Training, where the column exists nowhere else.</param>
public sealed record ColumnEntry(
    [property: JsonRequired] string Name,
    [property: JsonRequired] ColumnType Type,
    bool? Nullable = null,
    bool? Missing = null,
    ContractEnvironment? OnlyIn = null);

/// <summary>How a rule finds its fault.</summary>
public enum RuleKind
{
    /// <summary>By C#, which only the name stands for.</summary>
    Code,

    /// <summary>Numbers that are not finite.</summary>
    Finite,

    /// <summary>Numbers outside of bounds.</summary>
    Range,

    /// <summary>Values that a second table lacks; C# supplies its keys.</summary>
    References,

    /// <summary>Values smaller than in the row before.</summary>
    Monotone,

    /// <summary>Keys that come again.</summary>
    Unique,
}

/// <param name="Columns">Those that show the fault; of unique keys, the key.</param>
/// <param name="Tolerance">The largest share of rows that may break it; "mostly 99.9 %" is 0.001.</param>
public sealed record RuleEntry(
    [property: JsonRequired] string Rule,
    [property: JsonRequired] RuleKind Kind,
    [property: JsonRequired] IReadOnlyList<string> Columns,
    double? Min = null,
    double? Max = null,
    double Tolerance = 0,
    Severity Severity = Severity.Fail);

/// <param name="Column">Absent for counts of rows.</param>
/// <param name="PerFile">True for rows of each file.</param>
/// <param name="Share">Of a quantile.</param>
/// <param name="Allowed">Of categories.</param>
public sealed record ExpectationEntry(
    string? Column,
    [property: JsonRequired] Statistic Statistic,
    bool? PerFile = null,
    double? Share = null,
    double? Min = null,
    double? Max = null,
    IReadOnlyList<string>? Allowed = null,
    Severity Severity = Severity.Fail);

public sealed record SteadyEntry(
    string? Column,
    [property: JsonRequired] Statistic Statistic,
    double? Share = null,
    Severity Severity = Severity.Fail);

public sealed record BeginningEntry([property: JsonRequired] string File, [property: JsonRequired] string Because);

public sealed record ExtraEntry([property: JsonRequired] string Name);
