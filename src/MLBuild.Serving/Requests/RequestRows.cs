using System.Text.Json;
using System.Text.Unicode;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Rows;

namespace MLBuild.Serving.Requests;

/// <summary>Reads the rows of a request, strictly: an absent, misspelt or mistyped field is a fault and never a
/// default, and so is a row that the contract would not let into training.</summary>
/// <remarks>However deep a body is nested, reading it takes no stack: what is no row is skipped.</remarks>
internal sealed class RequestRows<TRow>
    where TRow : class, new()
{
    private const string Shape = "expected a row as a JSON object, or an array of them";

    // What a contract's rules see as the file of a row.
    private const string Source = "request";

    private readonly RequestField<TRow>[] _fields;
    private readonly string _names;
    private readonly HashSet<string> _withheld;
    private readonly SingleRowContract<TRow>? _contract;
    private readonly int _maxRows;

    public RequestRows(ServedRow<TRow> row, int maxRows)
    {
        _fields = [.. row.Columns.Select(column => new RequestField<TRow>(column))];
        _names = string.Join(", ", _fields.Select(field => field.Name));
        _withheld = row.Withheld.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        _contract = row.Contract?.OfSingleRows(_withheld);
        _maxRows = maxRows;
    }

    /// <summary>Reads the rows into objects that are used again and again: each of their columns is set.</summary>
    /// <param name="rows">Gets more where it has too few.</param>
    /// <returns>How many there are.</returns>
    /// <exception cref="BadRequestException">The body is not JSON of rows; the message names the first ten
    /// faults.</exception>
    public int Read(ReadOnlySpan<byte> body, List<TRow> rows)
    {
        // The parser itself looks at a text only when that is read.
        if (!Utf8.IsValid(body))
            throw new BadRequestException(400, $"The body is not UTF-8, {Shape}.");
        if (body.StartsWith("\uFEFF"u8))
            throw new BadRequestException(
                400, $"The body begins with a byte order mark, {Shape}. Send it as UTF-8 without one.");
        var reader = new Utf8JsonReader(body, new() { MaxDepth = int.MaxValue });
        var reading = new Reading(rows);
        try
        {
            ReadAll(ref reader, reading);
        }
        catch (JsonException error)
        {
            throw new BadRequestException(
                400,
                $"The body is not JSON at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}; {Shape}.");
        }
        if (reading.Count == 0)
            throw new BadRequestException(400, "The request has no rows, expected at least one.");
        if (reading.Count > _maxRows)
            throw new BadRequestException(
                413, $"The request has {reading.Count} rows, expected at most {_maxRows}. Send several requests.");
        return reading.Faults.Count == 0 ? reading.Count : throw BadRequestException.Of(reading.Faults);
    }

    private void ReadAll(ref Utf8JsonReader reader, Reading reading)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
            ReadRow(ref reader, reading);
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                ReadRow(ref reader, reading);
        }
        else
        {
            var shown = JsonText.Shown(ref reader);
            // What is behind it may say that it is not even JSON.
            reader.Read();
            throw new BadRequestException(400, $"The body is {shown}, {Shape}.");
        }
        reader.Read();
    }

    private void ReadRow(ref Utf8JsonReader reader, Reading reading)
    {
        var number = reading.Count++;
        if (number >= _maxRows)
        {
            reader.Skip();
            return;
        }
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            if (reading.Faults.CountOne())
                reading.Faults.Add(new(
                    number, null, RequestRule.IsObject, $"is {JsonText.Shown(ref reader)}, expected an object"));
            reader.Skip();
            return;
        }

        if (number == reading.Rows.Count)
            reading.Rows.Add(new());
        var row = reading.Rows[number];
        var faultsBefore = reading.Faults.Count;
        Span<bool> seen = stackalloc bool[_fields.Length];
        seen.Clear();
        var next = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var place = PlaceOf(ref reader, ref next);
            if (place >= 0 && !seen[place])
            {
                seen[place] = true;
                reader.Read();
                Set(ref reader, row, _fields[place], number, reading);
            }
            else
            {
                if (reading.Faults.CountOne())
                    reading.Faults.Add(NotExpected(ref reader, place, number));
                reader.Read();
            }
            reader.Skip();
        }
        for (var i = 0; i < _fields.Length; i++)
        {
            if (seen[i])
                continue;
            if (!_fields[i].IsRequired)
                _fields[i].Clear(row);
            else if (reading.Faults.CountOne())
                reading.Faults.Add(new(
                    number, _fields[i].Name, RequestRule.IsPresent, $"is absent, expected {_fields[i].Expected}"));
        }
        if (_contract is not null && reading.Faults.Count == faultsBefore)
            Judge(_contract, row, number, reading);
    }

    // Most clients write the fields of every row in one order, so the one behind the last is tried first.
    private int PlaceOf(ref Utf8JsonReader reader, ref int next)
    {
        // A name with half of a surrogate pair cannot be compared.
        if (reader.ValueIsEscaped && !JsonText.TryGet(ref reader, out _))
            return -1;
        for (var tried = 0; tried < _fields.Length; tried++)
        {
            var place = next;
            next = next + 1 == _fields.Length ? 0 : next + 1;
            if (_fields[place].IsAt(ref reader))
                return place;
        }
        return -1;
    }

    private static void Set(
        ref Utf8JsonReader reader, TRow row, RequestField<TRow> field, int number, Reading reading)
    {
        if (!field.TrySet(ref reader, row) && reading.Faults.CountOne())
            reading.Faults.Add(new(
                number, field.Name, RequestRule.HasType,
                $"is {JsonText.Shown(ref reader)}, expected {field.Expected}"));
    }

    private RequestFault NotExpected(ref Utf8JsonReader reader, int place, int number)
    {
        if (!JsonText.TryGet(ref reader, out var name))
            return new(number, null, RequestRule.IsText, "has a field whose name is not Unicode text");
        if (place >= 0)
            return new(number, name, RequestRule.IsOnce, "is there twice, expected once");
        return _withheld.Contains(name)
            ? new(number, name, RequestRule.IsServed,
                "is not known when a prediction is asked for, expected none")
            : new(number, JsonText.Cut(name), RequestRule.IsKnown,
                $"is unknown, expected one of {_names}");
    }

    private static void Judge(SingleRowContract<TRow> contract, TRow row, int number, Reading reading)
    {
        contract.Judge(row, new(Source, number), reading.Broken);
        foreach (var broken in reading.Broken)
        {
            if (reading.Faults.CountOne())
                reading.Faults.Add(new(
                    number, broken.Column, broken.Rule,
                    $"is {broken.Value ?? "wrong"}, which breaks the contract: {broken.Rule}"));
        }
        reading.Broken.Clear();
    }

    /// <summary>What was read so far.</summary>
    private sealed class Reading(List<TRow> rows)
    {
        public List<TRow> Rows => rows;

        public int Count { get; set; }

        public RequestFaults Faults { get; } = new();

        public List<BrokenRow> Broken { get; } = [];
    }
}
