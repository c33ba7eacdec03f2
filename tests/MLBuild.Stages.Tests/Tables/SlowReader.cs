using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>Reads rides from a text that has been accepted as a table, as simply as can be: whole lines, strings and
/// regular expressions.</summary>
internal static partial class SlowReader
{
    public sealed record Result(List<(long Line, Ride Row)> Rows, List<long> Faults);

    public static Result Read(byte[] bytes, string name)
    {
        // Each byte is one character, so that what is no UTF-8 is not lost.
        var text = Encoding.Latin1.GetString(bytes);
        if (text.StartsWith("\u00EF\u00BB\u00BF", StringComparison.Ordinal))
            text = text[3..];
        var lines = LineEnds().Split(text);
        var isJson = name.Contains("json", StringComparison.Ordinal);
        var isTsv = name.Contains("tsv", StringComparison.Ordinal);
        var result = new Result([], []);
        string[]? header = null;
        var headerLine = "";
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (isJson ? line.Trim(' ', '\t').Length == 0 : line.Length == 0)
                continue;
            if (!isJson && header is null)
            {
                (header, headerLine) = (Fields(line, isTsv), line);
                continue;
            }
            var ride = isJson ? Json(line)
                : line == headerLine || Fields(line, isTsv) is not { } fields || fields.Length != header!.Length ? null
                : Ride(fields[Array.IndexOf(header, "zone")], fields[Array.IndexOf(header, "fare")],
                    fields[Array.IndexOf(header, "riders")], isTsv);
            if (ride is null)
                result.Faults.Add(i + 1);
            else
                result.Rows.Add((i + 1, ride));
        }
        return result;
    }

    private static string[]? Fields(string line, bool isTsv)
    {
        if (isTsv)
            return line.Split('\t');
        if (!CsvLine().IsMatch(line))
            return null;
        return [.. CsvValue().Matches(line).Select(match => match.Groups["quoted"].Success
            ? match.Groups["quoted"].Value.Replace("\"\"", "\"", StringComparison.Ordinal)
            : match.Groups["bare"].Value)];
    }

    private static Ride? Ride(string zone, string fare, string riders, bool isTsv)
    {
        if (zone.Length == 0 || Utf8(zone) is not { } text || (isTsv && (TextInQuotes().IsMatch(zone) || zone == "\\N"))
            || Fare(fare) is not { } amount)
            return null;
        if (riders.Length == 0)
            return new() { Zone = text, Fare = amount };
        return Whole(riders) is { } count ? new() { Zone = text, Fare = amount, Riders = count } : null;
    }

    private static Ride? Json(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(Encoding.Latin1.GetBytes(line));
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            var ride = new Ride();
            var seen = new HashSet<string>();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name is not ("zone" or "fare" or "riders"))
                    continue;
                if (!seen.Add(property.Name))
                    return null;
                var raw = property.Value.GetRawText();
                if (property.Name == "riders" && property.Value.ValueKind == JsonValueKind.Null)
                    continue;
                if (property.Name == "zone" && property.Value.ValueKind == JsonValueKind.String
                    && property.Value.GetString() is { } zone && !zone.Contains('\0') && !zone.StartsWith('\uFEFF'))
                    ride.Zone = zone;
                else if (property.Name == "fare" && Fare(raw) is { } fare)
                    ride.Fare = fare;
                else if (property.Name == "riders" && Whole(raw) is { } riders)
                    ride.Riders = riders;
                else
                    return null;
            }
            return seen.Contains("zone") && seen.Contains("fare") ? ride : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Utf8(string latin1)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Encoding.Latin1.GetBytes(latin1));
            return text.Contains('\0') || text.StartsWith('\uFEFF') ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static double? Fare(string text) => Decimal().IsMatch(text)
        && double.Parse(text, CultureInfo.InvariantCulture) is var value && double.IsFinite(value)
        && (value != 0 || !text.Split('e', 'E')[0].Any(c => c is >= '1' and <= '9')) ? value : null;

    private static int? Whole(string text) => Integer().IsMatch(text)
        && decimal.TryParse(
            text.Split('.')[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        && value is >= int.MinValue and <= int.MaxValue ? (int)value : null;

    [GeneratedRegex("\r\n|\r|\n")]
    private static partial Regex LineEnds();

    [GeneratedRegex("""^("([^"]|"")*"|[^",]*)(,("([^"]|"")*"|[^",]*))*$""", RegexOptions.CultureInvariant)]
    private static partial Regex CsvLine();

    [GeneratedRegex("""(?<=^|,)("(?<quoted>([^"]|"")*)"|(?<bare>[^",]*))(?=,|$)""", RegexOptions.CultureInvariant)]
    private static partial Regex CsvValue();

    [GeneratedRegex("""^".*"$""", RegexOptions.Singleline)]
    private static partial Regex TextInQuotes();

    [GeneratedRegex(@"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Decimal();

    [GeneratedRegex(@"^[+-]?[0-9]+(\.0+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Integer();
}
