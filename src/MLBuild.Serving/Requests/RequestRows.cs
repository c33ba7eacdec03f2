using System.Text.Json;
using System.Text.Unicode;

namespace MLBuild.Serving.Requests;

/// <summary>Reads the rows of a request, strictly: an absent, misspelt or mistyped field is a fault and never a
/// default.</summary>
internal sealed class RequestRows<TRow>
    where TRow : class, new()
{
    private const string Shape = "expected a row as a JSON object, or an array of them";

    private readonly RequestField<TRow>[] _fields;
    private readonly Dictionary<string, int> _places;
    private readonly HashSet<string> _withheld;
    private readonly int _maxRows;

    public RequestRows(ServedRow<TRow> row, int maxRows)
    {
        _fields = [.. row.Columns.Select(column => new RequestField<TRow>(column))];
        _places = _fields.Index().ToDictionary(field => field.Item.Name, field => field.Index, StringComparer.Ordinal);
        _withheld = row.Withheld.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        _maxRows = maxRows;
    }

    /// <exception cref="BadRequestException">The body is not JSON of rows; the message names the first ten
    /// faults.</exception>
    public TRow[] Read(ReadOnlyMemory<byte> body)
    {
        using var json = Parse(body);
        var elements = json.RootElement.ValueKind switch
        {
            JsonValueKind.Object => [json.RootElement],
            JsonValueKind.Array => json.RootElement.EnumerateArray().ToArray(),
            _ => throw Refused(400, $"The body is {JsonText.Shown(json.RootElement)}, {Shape}."),
        };
        if (elements.Length == 0)
            throw Refused(400, "The request has no rows, expected at least one.");
        if (elements.Length > _maxRows)
            throw Refused(
                413, $"The request has {elements.Length} rows, expected at most {_maxRows}. Send several requests.");

        var faults = new List<RequestFault>();
        var rows = elements.Select((element, i) => ReadRow(element, i, faults)).ToArray();
        return faults.Count == 0 ? rows : throw BadRequestException.Of(faults);
    }

    private TRow ReadRow(JsonElement json, int number, List<RequestFault> faults)
    {
        var row = new TRow();
        if (json.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new(number, null, $"is {JsonText.Shown(json)}, expected an object"));
            return row;
        }

        var seen = new bool[_fields.Length];
        foreach (var property in json.EnumerateObject())
        {
            if (!JsonText.TryGetName(property, out var name))
                faults.Add(new(number, null, "has a field whose name is not Unicode text"));
            else if (!_places.TryGetValue(name, out var place))
                faults.Add(new(number, JsonText.Cut(name), Unexpected(name)));
            else if (seen[place])
                faults.Add(new(number, name, "is there twice, expected once"));
            else
            {
                seen[place] = true;
                var field = _fields[place];
                if (!field.TrySet(row, property.Value))
                    faults.Add(new(number, name, $"is {JsonText.Shown(property.Value)}, expected {field.Expected}"));
            }
        }
        faults.AddRange(_fields.Where((field, i) => field.IsRequired && !seen[i])
            .Select(field => new RequestFault(number, field.Name, $"is absent, expected {field.Expected}")));
        return row;
    }

    private string Unexpected(string name) => _withheld.Contains(name)
        ? "is not known when a prediction is asked for, expected none"
        : $"is unknown, expected one of {string.Join(", ", _fields.Select(field => field.Name))}";

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        // The parser itself looks at a text only when that is read.
        if (!Utf8.IsValid(body.Span))
            throw Refused(400, $"The body is not UTF-8, {Shape}.");
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException error)
        {
            throw Refused(
                400,
                $"The body is not JSON at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}; {Shape}.");
        }
    }

    private static BadRequestException Refused(int statusCode, string detail) => new(statusCode, detail, []);
}
