using System.Globalization;
using System.Text.Json;
using MLBuild.Engine.Inspection;

namespace MLBuild.Stages.Views;

/// <summary>What differs between two JSON texts, field by field.</summary>
/// <param name="Fields">In the order of the texts.</param>
internal sealed record FieldChanges(IReadOnlyList<FieldChanges.Field> Fields)
{
    private const int MostLines = 60;
    private const int WidestValue = 60;

    /// <param name="Path"><c>gate.checks[2].name</c>.</param>
    /// <param name="Before">As JSON; null if it was not there.</param>
    /// <param name="After">As JSON; null if it is gone.</param>
    /// <param name="Difference">Of two numbers.</param>
    public sealed record Field(string Path, string? Before, string? After, double? Difference);

    /// <exception cref="JsonException">One of them is no JSON.</exception>
    public static FieldChanges Between(string beforePath, string afterPath)
    {
        using var before = JsonDocument.Parse(File.ReadAllBytes(beforePath));
        using var after = JsonDocument.Parse(File.ReadAllBytes(afterPath));
        return new([.. Between(before.RootElement, after.RootElement, "")]);
    }

    public IEnumerable<string> Lines(Page page) => Fields.Count == 0 ? ["fields: the same; only how it is written"] :
    [
        Wording.Count(Fields.Count, "field") + (Fields.Count == 1 ? " differs" : " differ"),
        .. PageTable.Lines(page,
            [new("field", IsCut: true), new("before", IsCut: true), new("after", IsCut: true),
                new("difference", IsNumber: true)],
            Fields.Take(MostLines).Select(field => (PageCell[])
            [
                field.Path, Fit(field.Before), Fit(field.After),
                field.Difference?.ToString("+0.######;-0.######;0", CultureInfo.InvariantCulture) ?? "",
            ]), indent: 2),
        .. Fields.Count <= MostLines ? [] : (string[])
            [$"… {Wording.Count(Fields.Count - MostLines, "more field")}; --file NAME.json has all of it"],
    ];

    private static string Fit(string? value) => value is null ? "-" : Page.Cut(value, WidestValue);

    private static IEnumerable<Field> Between(JsonElement was, JsonElement now, string path)
    {
        if (was.ValueKind == JsonValueKind.Object && now.ValueKind == JsonValueKind.Object)
        {
            var (old, young) = (new Properties(was), new Properties(now));
            foreach (var field in was.EnumerateObject())
            {
                var name = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
                foreach (var change in young.Find(field.Name) is { } other
                    ? Between(field.Value, other, name) : [new(name, field.Value.GetRawText(), null, null)])
                    yield return change;
            }
            foreach (var field in now.EnumerateObject().Where(field => old.Find(field.Name) is null))
                yield return new(path.Length == 0 ? field.Name : $"{path}.{field.Name}", null,
                    field.Value.GetRawText(), null);
        }
        else if (was.ValueKind == JsonValueKind.Array && now.ValueKind == JsonValueKind.Array)
        {
            // Not by index, for which all elements before it are passed each time.
            var before = was.EnumerateArray();
            var after = now.EnumerateArray();
            for (var i = 0; ; i++)
            {
                var (isBefore, isAfter) = (before.MoveNext(), after.MoveNext());
                if (!isBefore && !isAfter)
                    break;
                var name = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
                foreach (var change in !isBefore ? [new(name, null, after.Current.GetRawText(), null)]
                    : !isAfter ? [new(name, before.Current.GetRawText(), null, null)]
                    : Between(before.Current, after.Current, name))
                    yield return change;
            }
        }
        else if (was.GetRawText() != now.GetRawText())
            yield return new(path, was.GetRawText(), now.GetRawText(),
                was.ValueKind == JsonValueKind.Number && now.ValueKind == JsonValueKind.Number
                    ? now.GetDouble() - was.GetDouble() : null);
    }

    /// <summary>The properties of an object by name; of two with one name the last one counts.</summary>
    private sealed class Properties(JsonElement element)
    {
        // To find one in the text, all are passed.
        private const int Few = 16;

        private readonly Dictionary<string, JsonElement>? _many = element.GetPropertyCount() <= Few ? null
            : element.EnumerateObject().GroupBy(field => field.Name, StringComparer.Ordinal)
                .ToDictionary(same => same.Key, same => same.Last().Value, StringComparer.Ordinal);

        public JsonElement? Find(string name) => _many is null
            ? element.TryGetProperty(name, out var value) ? value : null
            : _many.TryGetValue(name, out var found) ? found : null;
    }
}
